/*
 * tok_vocab - maps a vocabulary and checks that its sections are there
 */
#include "compat.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hash.h"
#include "tok_impl.h"

void
tok_layout(const struct tok_head *h, uint64_t at[SEC_COUNT + 1])
{
	const uint64_t groups = (uint64_t)h->homes_group + TOK_SPILL;
	const uint64_t size[SEC_COUNT] = {
		[SEC_SHORT_PILOT] = h->buckets_short * sizeof(uint16_t),
		[SEC_SHORT] = (uint64_t)h->lines_short * TOK_LINE,
		[SEC_MIDDLE_PILOT] = h->buckets_middle * sizeof(uint16_t),
		[SEC_MIDDLE] = (uint64_t)h->lines_middle * TOK_LINE,
		[SEC_PAIR] = 65536 * sizeof(uint32_t),
		[SEC_LENS3] = TOK_LENS3 * sizeof(uint8_t),
		[SEC_LENS8] = TOK_LENS8 * sizeof(uint16_t),
		[SEC_BYTE] = 256 * sizeof(uint32_t),
		[SEC_SPLIT] = h->ids * sizeof(uint64_t),
		[SEC_GROUP] = groups * sizeof(struct tok_group),
		[SEC_LONG] = h->longs * sizeof(struct tok_long),
		[SEC_BYTES] = h->bytes,
	};
	uint64_t off = sizeof(*h);
	unsigned i;

	for (i = 0; i < SEC_COUNT; i++) {
		off = (off + TOK_LINE - 1) / TOK_LINE * TOK_LINE;
		at[i] = off;
		off += size[i];
	}
	at[SEC_COUNT] = off;
}

uint64_t
tok_head_check(const struct tok_head *h)
{
	return hash_xxh3(span_of((const char *)h,
	    offsetof(struct tok_head, check)), TOK_VERSION);
}

/*
 * Counts are 32 bits but for `bytes`, so that no sum of sizes overflows; a
 * table without places could not be probed.
 */
static bool
head_ok(const struct tok_head *h, enum tok_encoding enc, size_t size)
{
	uint64_t at[SEC_COUNT + 1];

	if (memcmp(h->magic, TOK_MAGIC, sizeof(h->magic)) != 0 ||
	    h->version != TOK_VERSION || h->endian != TOK_ENDIAN ||
	    h->encoding != enc || h->check != tok_head_check(h) ||
	    h->ids > TOK_MAX_IDS || h->bytes > size || h->size != size ||
	    h->buckets_short == 0 || h->lines_short == 0 ||
	    h->buckets_middle == 0 || h->lines_middle == 0)
		return false;
	tok_layout(h, at);
	return at[SEC_COUNT] == size;
}

static void
point(struct vocab *v, const struct tok_head *h, const char *base)
{
	uint64_t at[SEC_COUNT + 1];

	tok_layout(h, at);
	v->short_pilot = (const void *)(base + at[SEC_SHORT_PILOT]);
	v->shorts = (const void *)(base + at[SEC_SHORT]);
	v->middle_pilot = (const void *)(base + at[SEC_MIDDLE_PILOT]);
	v->middles = (const void *)(base + at[SEC_MIDDLE]);
	v->pair = (const void *)(base + at[SEC_PAIR]);
	v->lens3 = (const void *)(base + at[SEC_LENS3]);
	v->lens8 = (const void *)(base + at[SEC_LENS8]);
	v->byte_id = (const void *)(base + at[SEC_BYTE]);
	v->split = (const void *)(base + at[SEC_SPLIT]);
	v->group = (const void *)(base + at[SEC_GROUP]);
	v->longs = (const void *)(base + at[SEC_LONG]);
	v->bytes = base + at[SEC_BYTES];
	v->buckets_short = h->buckets_short;
	v->lines_short = h->lines_short;
	v->buckets_middle = h->buckets_middle;
	v->lines_middle = h->lines_middle;
	v->homes_group = h->homes_group;
	v->ids = h->ids;
	v->nlongs = h->longs;
	v->nbytes = h->bytes;
}

int
vocab_open(struct vocab *v, enum tok_encoding enc, const char *path)
{
	struct tok_head h;
	struct stat st;
	int fd, saved;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	if (fstat(fd, &st) < 0)
		goto fail;
	errno = EINVAL;
	if (!S_ISREG(st.st_mode) || (uintmax_t)st.st_size > SIZE_MAX ||
	    (size_t)st.st_size < sizeof(h))
		goto fail;
	v->size = (size_t)st.st_size;
	/*
	 * Lookups go all over the file, and a fault for each sixteen pages
	 * costs more than mapping them all at once, even for short texts.
	 */
	v->map = mmap(NULL, v->size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd,
	    0);
	if (v->map == MAP_FAILED)
		goto fail;
	memcpy(&h, v->map, sizeof(h));
	if (!head_ok(&h, enc, v->size)) {
		munmap(v->map, v->size);
		errno = EINVAL;
		goto fail;
	}
	close(fd);
	point(v, &h, v->map);
	return 0;
fail:
	saved = errno;
	close(fd);
	errno = saved;
	return -1;
}

void
vocab_rest(const struct vocab *v)
{
	/* A mapped file is still there: its pages come back when read. */
	(void)madvise(v->map, v->size, MADV_DONTNEED);
}

void
vocab_close(struct vocab *v)
{
	munmap(v->map, v->size);
}
