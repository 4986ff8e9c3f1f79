/*
 * json_pick_error - records that report an error
 *
 * An error is said by a value: a word of errword.h in a message or in a state
 * ("failed", "CrashLoopBackOff"), a status of 500 to 599, or anything at all
 * in a member named error.  What only is named so is none: a member "errors"
 * that is 0, null or "none", a path or an address with such a word in it; a
 * word late in a long text is no more than odd.
 */
#include "compat.h"

#include <stdlib.h>
#include <strings.h>

#include "errword.h"
#include "json_pick_impl.h"
#include "map.h"

#define NAME_LEN	24	/* longer names of members say no error */
#define MESSAGE_LEN	200	/* a longer text says it at its beginning */
#define NAME_PART	4	/* a name that n/4 have says no error */
#define COMMON_PART	10	/* if more than n/10 report errors ... */
#define WEAK		UINT32_C(0x80000000)	/* flag on a token */

static const struct json_tok *
tok_at(const struct picker *pk, uint32_t t)
{
	return &pk->plan->doc->tok[t];
}

static struct span
body_at(const struct picker *pk, uint32_t t)
{
	return json_body(pk->plan->doc->text, tok_at(pk, t));
}

static bool
listed(struct span s, const char *const *list, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (s.n == strlen(list[i]) &&
		    strncasecmp(s.p, list[i], s.n) == 0)
			return true;
	return false;
}

/* What stands in a member named error when there is none. */
static bool
says_none(const struct picker *pk, uint32_t t)
{
	static const char *const none[] = { "", "-", "0", "none", "no", "ok",
	    "false", "null", "nil", "n/a", "na", "success", "never", "off",
	    "[]", "{}" };
	const struct json_tok *v = tok_at(pk, t);

	switch ((enum json_type)v->type) {
	case JSON_STRING:
		return listed(body_at(pk, t), none, HR_LEN(none));
	case JSON_ARRAY:
	case JSON_OBJECT:
		return v->count == 0;
	default:
		return true;
	}
}

/* A member that holds the status of a response. */
static bool
is_status(struct span name)
{
	static const char *const names[] = { "status", "code", "statuscode",
	    "httpstatus", "httpcode", "httpstatuscode", "responsecode",
	    "responsestatus" };
	char s[NAME_LEN];
	size_t i, n = 0;

	if (name.n > NAME_LEN)
		return false;
	for (i = 0; i < name.n; i++)
		if (name.p[i] != '_' && name.p[i] != '-')
			s[n++] = name.p[i];
	return listed(span_of(s, n), names, HR_LEN(names));
}

static bool
is_server_error(const struct picker *pk, uint32_t t)
{
	const struct json_tok *v = tok_at(pk, t);
	struct span s = json_text(pk->plan->doc->text, v);

	if (v->type == JSON_STRING)
		s = body_at(pk, t);
	else if (v->type != JSON_NUMBER)
		return false;
	return s.n == 3 && s.p[0] == '5' && s.p[1] >= '0' && s.p[1] <= '9' &&
	    s.p[2] >= '0' && s.p[2] <= '9';
}

/* Whether a value is a word or more, and no path, address or the like. */
static bool
is_message(struct span s)
{
	size_t i;
	bool one = true, path = false;

	for (i = 0; i < s.n; i++) {
		one = one && s.p[i] != ' ';
		path = path || s.p[i] == '/' || s.p[i] == '@';
	}
	return !one || !path;
}

/* JSON_NONE, or the value at k, WEAK if it says so by the way. */
static uint32_t
judge_value(const struct picker *pk, uint32_t k)
{
	struct span s = body_at(pk, k);

	if (!errword_in(s))
		return JSON_NONE;
	if (!is_message(s) || (s.n > MESSAGE_LEN &&
	    !errword_in(span_of(s.p, MESSAGE_LEN / 2))))
		return k | WEAK;
	return k;
}

/* The same of a key; *named is set if its name alone says error. */
static uint32_t
judge_member(const struct picker *pk, uint32_t k, bool *named)
{
	struct span name = body_at(pk, k);

	if (name.n > NAME_LEN)
		return JSON_NONE;
	if (is_server_error(pk, k + 1) && is_status(name))
		return k + 1;
	if (!errword_in(name) || says_none(pk, k + 1))
		return JSON_NONE;
	*named = true;
	return k + 1;
}

/* What a record says of an error, a name alone apart. */
struct said {
	uint32_t	value;	/* token, perhaps WEAK, or JSON_NONE */
	uint32_t	named;	/* value of a member named so */
};

static struct said
look(const struct picker *pk, uint32_t t)
{
	struct said r = { JSON_NONE, JSON_NONE };
	uint32_t end = t + tok_at(pk, t)->skip, k, hit;
	bool named;

	for (k = t; k < end; k++) {
		if (json_plan_noise(pk->plan, k)) {
			k += tok_at(pk, k)->skip - 1;
			continue;
		}
		if (tok_at(pk, k)->type != JSON_STRING || (k + 1 < end &&
		    json_pick_is_key(pk, k) &&
		    json_plan_noise(pk->plan, k + 1)))
			continue;
		named = false;
		hit = json_pick_is_key(pk, k) ?
		    judge_member(pk, k, &named) : judge_value(pk, k);
		if (hit == JSON_NONE)
			continue;
		if (named)
			r.named = r.named == JSON_NONE ? hit : r.named;
		else if (r.value == JSON_NONE ||
		    (r.value & WEAK) > (hit & WEAK))
			r.value = hit;
	}
	return r;
}

static bool
is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9');
}

/* Texts that differ only in words with digits are one. */
static uint64_t
wording(uint64_t h, struct span s)
{
	size_t i, k;
	bool digit;

	for (i = 0; i < s.n; i = k) {
		digit = false;
		for (k = i; k < s.n && is_alnum(s.p[k]); k++)
			digit = digit || (s.p[k] >= '0' && s.p[k] <= '9');
		k += k == i;
		for (; i < k && !digit; i++)
			h = (h ^ (uint8_t)s.p[i]) *
			    UINT64_C(0x9E3779B97F4A7C15);
	}
	return h;
}

/* The first text of several words in a record, which tells its errors apart. */
static struct span
message_of(const struct picker *pk, uint32_t t)
{
	uint32_t end = t + tok_at(pk, t)->skip, k;
	struct span s;
	size_t i, blanks;

	for (k = t; k < end; k++) {
		if (tok_at(pk, k)->type != JSON_STRING ||
		    json_pick_is_key(pk, k) || json_plan_noise(pk->plan, k))
			continue;
		s = body_at(pk, k);
		for (i = blanks = 0; i < s.n && blanks < 2; i++)
			blanks += s.p[i] == ' ';
		if (blanks >= 2)
			return s.n <= MESSAGE_LEN ? s :
			    span_of(s.p, MESSAGE_LEN);
	}
	return SPAN_LIT("");
}

static uint64_t
kind_of(const struct picker *pk, uint32_t row, uint32_t hit)
{
	const struct json_tok *v = tok_at(pk, hit);
	struct span s = json_text(pk->plan->doc->text, v);

	if (s.n > MESSAGE_LEN)
		s.n = MESSAGE_LEN;
	return wording(wording(1, s), message_of(pk, pk->at[row]));
}

/* Count the records of each kind; false: no memory. */
static bool
count_kinds(const struct picker *pk, const uint32_t *hit, uint64_t *kind,
    struct map *kinds)
{
	union map_val *v;
	uint32_t i;

	for (i = 0; i < pk->n; i++) {
		if (hit[i] == JSON_NONE || (hit[i] & WEAK))
			continue;
		kind[i] = kind_of(pk, i, hit[i]);
		v = map_put(kinds, span_of((const char *)&kind[i],
		    sizeof(kind[i])));
		if (v == NULL)
			return false;
		v->u++;
	}
	return true;
}

/*
 * All of them if they are few, else the first of each kind; the count of a
 * kind becomes 0 when its first was met.
 */
static void
rank_hits(struct picker *pk, const uint32_t *hit, const uint64_t *kind,
    const struct map *kinds, uint32_t n)
{
	bool all = n <= json_few(pk->n, COMMON_PART);
	union map_val *v;
	uint32_t i;

	for (i = 0; i < pk->n; i++) {
		if (hit[i] == JSON_NONE)
			continue;
		if (hit[i] & WEAK) {
			json_pick_rank(pk, i, RANK_ODD, pk->n / COMMON_PART);
			continue;
		}
		v = map_get(kinds, span_of((const char *)&kind[i],
		    sizeof(kind[i])));
		if (v != NULL && v->u > 0)
			json_pick_rank(pk, i, RANK_ERROR, (uint32_t)v->u);
		else
			json_pick_rank(pk, i, all ? RANK_ERROR :
			    RANK_REPEATED, n);
		if (v != NULL)
			v->u = 0;
	}
}

void
json_error_rank(struct picker *pk)
{
	uint32_t *hit = malloc(2 * (size_t)pk->n * sizeof(*hit));
	uint64_t *kind = malloc(pk->n * sizeof(*kind));
	uint32_t i, n = 0, named = 0;
	struct map kinds;
	struct said r;

	map_init(&kinds, map_random_seed());
	if (hit == NULL || kind == NULL) {
		pk->nomem = true;
		goto out;
	}
	for (i = 0; i < pk->n; i++) {
		r = look(pk, pk->at[i]);
		hit[i] = r.value;
		hit[pk->n + i] = r.named;
		named += r.named != JSON_NONE;
	}
	for (i = 0; i < pk->n; i++) {
		/* A name that many have is that of something else. */
		if (hit[pk->n + i] != JSON_NONE && named <= pk->n / NAME_PART
		    + 1 && (hit[i] == JSON_NONE || (hit[i] & WEAK)))
			hit[i] = hit[pk->n + i];
		n += hit[i] != JSON_NONE && !(hit[i] & WEAK);
	}
	if (count_kinds(pk, hit, kind, &kinds))
		rank_hits(pk, hit, kind, &kinds, n);
	else
		pk->nomem = true;
out:
	map_release(&kinds);
	free(hit);
	free(kind);
}
