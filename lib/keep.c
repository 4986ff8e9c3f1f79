/*
 * keep - no mark without its original
 */
#include "compat.h"

#include "hash.h"
#include "keep.h"

#define ERROR_MAX	256

static bool
put(const struct keep *k, struct span text, char *why, size_t size)
{
	struct mark_id id;
	struct ccr *c = k->ccr;
	enum ccr_rc rc;

	if (c == NULL && ccr_open(&c, k->path, why, size) != CCR_OK)
		return false;
	rc = ccr_put(c, text, &id);
	if (rc != CCR_OK)
		snprintf(why, size, "%s", ccr_error(c));
	if (c != k->ccr)
		ccr_close(c);
	return rc == CCR_OK;
}

void
keep_squash(struct squash *s, void (*fn)(struct squash *, struct span),
    struct span text, struct keep *k)
{
	uint8_t sha256[SHA256_LEN];
	char why[ERROR_MAX] = "";
	struct mark_id id;
	struct mark_ref ref = { .id = &id,
	    .store = k->named ? k->path : NULL };

	s->ref = NULL;
	k->failed = false;
	if (k->path == NULL || s->opt.level <= SQUASH_LOSSLESS) {
		fn(s, text);
		return;
	}
	hash_sha256(text, sha256);
	id = mark_id(sha256);
	s->ref = &ref;
	fn(s, text);
	if (s->lossy && !put(k, text, why, sizeof(why))) {
		s->ref = NULL;
		k->failed = true;
		fn(s, text);
		buf_addf(&s->explain, "nothing left out: %s\n", why);
	}
	s->ref = NULL;
}
