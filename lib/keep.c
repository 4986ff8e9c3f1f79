/*
 * keep - no mark without its original
 */
#include "compat.h"

#include "ccr.h"
#include "hash.h"
#include "keep.h"

#define ERROR_MAX	256

static bool
put(const char *path, struct span text, char *why, size_t size)
{
	struct mark_id id;
	struct ccr *c;
	enum ccr_rc rc;

	if (ccr_open(&c, path, why, size) != CCR_OK)
		return false;
	rc = ccr_put(c, text, &id);
	if (rc != CCR_OK)
		snprintf(why, size, "%s", ccr_error(c));
	ccr_close(c);
	return rc == CCR_OK;
}

void
keep_squash(struct squash *s, void (*fn)(struct squash *, struct span),
    struct span text, const struct keep *k)
{
	uint8_t sha256[SHA256_LEN];
	char why[ERROR_MAX] = "";
	struct mark_id id;
	struct mark_ref ref = { .id = &id,
	    .store = k->named ? k->path : NULL };

	s->ref = NULL;
	if (k->path == NULL || s->opt.level <= SQUASH_LOSSLESS) {
		fn(s, text);
		return;
	}
	hash_sha256(text, sha256);
	id = mark_id(sha256);
	s->ref = &ref;
	fn(s, text);
	if (s->lossy && !put(k->path, text, why, sizeof(why))) {
		s->ref = NULL;
		fn(s, text);
		buf_addf(&s->explain, "nothing left out: %s\n", why);
	}
	s->ref = NULL;
}
