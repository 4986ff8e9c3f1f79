/*
 * forward_impl.h - what the parts of forward.h share; not for users
 *
 *	forward_read	the body's members, and the elements of its list of
 *			messages or items, found without reading the rest
 *	forward_canon	content as the provider's cache sees it, hashed
 *	forward_texts	the texts of tools in an element, and their calls
 *	forward_names	what those calls are called
 *	forward_unwrap	what a command printed, behind the client's wrapper
 *	forward_refs	the lines that the forwarded body shows so far
 *	forward_reads	how much may be done to what a read printed
 *	forward_decide	the form of a text that was never sent before
 *	forward_front	pins in memory, bounded, over those in the store
 *	forward_pins	the front, and the store behind it
 *	forward_memo	prefixes of bodies that were read before
 *	forward_splice	forms put into the body
 *	forward		all of it in order
 */
#ifndef HR_FORWARD_IMPL_H
#define HR_FORWARD_IMPL_H

#include "compat.h"

#include "arena.h"
#include "ccr.h"
#include "file_class.h"
#include "forward.h"
#include "hash.h"
#include "json.h"
#include "map.h"
#include "refs.h"

/* A value of the body: its bytes and its tokens, offsets from its start. */
struct element {
	struct span	 text;
	uint32_t	 tok;		/* first, in struct reading's tok */
	uint32_t	 ntok;
};

/* A hash of content, or of all content up to a block. */
struct chain {
	uint8_t		sha[SHA256_LEN];
};

/* What kinds of tools a request brings (policy.h). */
struct tools_have {
	bool		any, shell, read, edit, fetch;
	bool		change;		/* one that may change files */
};

/* What a long member said, by the hash of its bytes. */
struct known_value {
	unsigned	 top;		/* which member; 0: free */
	struct hash128	 hash;
	struct chain	 content;
	size_t		 bytes;
	struct tools_have tool;
};

#define KNOWN_VALUES	32

/*
 * What the members beside the list say.  Plain data: what stands before the
 * list is kept with a prefix of the body.
 */
struct facts {
	struct chain	 model, tools, system, earlier;
	char		 name[FORWARD_MODEL_MAX];	/* of the model */
	size_t		 bytes;		/* of tools and system, as content */
	unsigned	 seen;		/* members of which there may be one */
	bool		 drops;		/* the server may drop messages */
	struct tools_have tool;
};

/* A body that was read, from the cut on. */
struct reading {
	enum api	 api;
	struct span	 body;
	struct facts	 facts;
	struct facts	 before;	/* as they were at the list */
	size_t		 list;		/* offset of its first byte, or 0 */
	struct span	 tail;		/* what stands behind it */
	struct hash128	 tail_hash;
	struct json_tok	*tok;
	size_t		 ntok, tokcap;
	struct element	*el;
	size_t		 nel, elcap;
	struct buf	 canon, scratch;	/* for forward_canon */
	uint64_t	 hash_seed;
	const struct rules *rules;	/* that tell tools */
	struct known_value known[KNOWN_VALUES];
};

#define READING_INIT { .canon = BUF_INIT, .scratch = BUF_INIT }

void	reading_release(struct reading *r);

/* Give back what an unusual body took, so that the next starts small. */
#define KEPT_MAX	((size_t)2 << 20)	/* bytes of one array */

void	reading_trim(struct reading *r);
void	forward_trim_buf(struct buf *b);

struct memo;

/*
 * Read r->body.  With cut 0 from its beginning; else cut is the offset behind
 * an element of the list, up to which the body is the one of that memo.
 * NULL, or why the body is not looked at.
 */
const char *forward_read(struct reading *r, size_t cut,
	    const struct memo *memo) HR_MUST_USE;

HR_INLINE const struct json_tok *
element_tok(const struct reading *r, const struct element *e)
{
	return &r->tok[e->tok];
}

/* The only member of this name, or NULL: none, several, or no object. */
const struct json_tok *forward_member(struct span text,
	    const struct json_tok *object, const char *name);

/* Whether t is the string z, spelt without escapes.  t may be NULL. */
bool	 forward_is(struct span text, const struct json_tok *t, const char *z);

/* What a string token means: in the text itself, or appended to b. */
struct span forward_string(struct span text, const struct json_tok *t,
	    struct buf *b);

/*
 * Content, appended to r->canon so that equal content gives equal bytes:
 * cache marks left out, members in one order, a string as a list of one
 * text, no white space.  canon_block is for messages, their blocks, items,
 * tools; canon_value for anything.
 */
void	 canon_value(struct reading *r, struct span text,
	    const struct json_tok *t);
void	 canon_block(struct reading *r, struct span text,
	    const struct json_tok *t);
/* A string where a list of one text block could stand. */
void	 canon_text(struct reading *r, struct span text,
	    const struct json_tok *t);

/*
 * c = SHA-256(r->canon, c), and r->canon is empty again.  The bytes that were
 * in it.
 */
size_t	 canon_close(struct reading *r, struct chain *c);

/* The hash of what stands before the first block. */
struct chain forward_seed(struct reading *r, const struct forward_in *in);

/* A call of a tool: its name and its input, either may be NULL. */
struct tool_call {
	struct span		 text;		/* the element it is in */
	const struct json_tok	*name, *arguments;
	/* Of its result, as in struct refs_name; may be empty. */
	struct span		 title;
	size_t			 path;
	bool			 shows;
};

/* A text that a tool returned. */
struct tool_text {
	struct span	 text;		/* the element it is in */
	const struct json_tok *tok;	/* its string */
	uint8_t		 key[CCR_PIN_KEY];
	size_t		 before;	/* bytes of content before its block */
	bool		 is_error;
	const struct tool_call *call;	/* NULL: not in what was read */
};

typedef bool tool_text_fn(void *arg, const struct tool_text *t);

/*
 * Call fn with each tool's text of r's elements, in order, and hash the
 * content of all blocks into *c, of which *after_element, called behind each
 * element, may take note.  False when fn was false, or memory ran out.
 */
struct texts {
	struct reading	*r;
	struct chain	 chain;
	size_t		 bytes;		/* of content up to there */
	struct chain	 root;		/* before the first text of a tool */
	bool		 rooted;	/* that there was */
	struct map	 calls;		/* id to struct tool_call */
	struct arena	*arena;
	tool_text_fn	*fn;
	bool		(*on_call)(void *arg, struct tool_call *c);
	/* The server does not show what stands before this. */
	void		(*on_compaction)(void *arg);
	void		(*after_element)(void *arg, size_t element,
			    const struct texts *x, bool calls);
	void		*arg;
	bool		 stopped;
};

bool	 forward_texts(struct texts *t) HR_MUST_USE;

/* A piece of a text that is a text of its own. */
struct inner {
	struct span	text;		/* decoded if it is a JSON string */
	size_t		from, to;	/* its place in the whole */
	bool		quoted;		/* as a JSON string's body */
};

/* What a command printed, in s or, decoded, in b; else it is all of s. */
void	 forward_unwrap(struct span s, struct buf *b, struct inner *in);

/*
 * What the result of a call and its input are called; empty where there is no
 * name.  fn is called with each string of the input, if that has a name.
 */
struct forward_names {
	const struct rules *rules;	/* to know tools by; may be NULL */
	struct buf	 result, input;
	size_t		 result_path, input_path;
	bool		 shows;		/* as in struct refs_name */
	struct buf	 text, tool, scratch;
};

#define FORWARD_NAMES_INIT { .result = BUF_INIT, .input = BUF_INIT,	\
	.text = BUF_INIT, .tool = BUF_INIT, .scratch = BUF_INIT }

typedef void forward_input_fn(void *arg, struct span s);

void	 forward_name(const struct tool_call *c, struct forward_names *n,
	    forward_input_fn *fn, void *arg);
void	 forward_names_release(struct forward_names *n);

/* The lines of a body that the model can see, while it is walked. */
struct shown {
	struct refs	*refs;		/* NULL: no references in this body */
	struct refs_lines lines;	/* of one text */
	struct refs_said said;
	struct forward_names names;
	struct buf	 inner;
	const char	*element;	/* of the last text, ... */
	size_t		 before;	/* ... and the bytes before its block */
	uint64_t	 block;
	unsigned	 ninputs;	/* of a call, with lines */
};

#define SHOWN_INIT { .lines = REFS_LINES_INIT, .said = REFS_SAID_INIT,	\
	.names = FORWARD_NAMES_INIT, .inner = BUF_INIT }

void	 shown_release(struct shown *s);
void	 shown_start(struct shown *s, struct refs *refs);

/* Give a call its title and show its input.  False: no memory. */
bool	 shown_call(struct shown *s, struct tool_call *c, struct arena *a)
	    HR_MUST_USE;

/* The block of a text, as in struct refs_name. */
uint64_t shown_block(struct shown *s, const struct tool_text *t);

/* Show a text of a tool as it is sent; form.p is NULL if that is the text. */
void	 shown_text(struct shown *s, const struct tool_text *t,
	    struct span text, struct span form, enum forward_why why);

/* Bytes with a count of who holds them. */
struct blob {
	unsigned	refs;
	size_t		n;
	char		p[];
};

struct blob	*blob_new(struct span s) HR_MUST_USE;	/* NULL: no memory */
struct blob	*blob_ref(struct blob *b);		/* b may be NULL */
void		 blob_unref(struct blob *b);

/* A pin with its form (NULL: raw). */
struct pin {
	struct ccr_pin	 is;
	struct blob	*form;
	bool		 saved;		/* in the store, if there is one */
	uint64_t	 renewed;	/* when that was seen to be so last */
};

/*
 * The front: the pins used last, by key, FRONT_MAX bytes of them.  A pointer
 * is good until the next front_put.
 */
#define FRONT_MAX	((size_t)3 << 19)
#define FRONT_BUCKETS	8192

struct front_entry;

struct front {
	struct front_entry	*bucket[FRONT_BUCKETS];
	struct front_entry	*first, *last;	/* used last, used first */
	size_t			 bytes;
};

struct pin	*front_get(struct front *f, const uint8_t key[CCR_PIN_KEY]);
/* Takes over pin->form.  NULL: no memory, and the form is released. */
struct pin	*front_put(struct front *f, const uint8_t key[CCR_PIN_KEY],
		    const struct pin *pin);
void		 front_release(struct front *f);

/*
 * Pins in memory over those in the store.  For each request: pins_begin,
 * pins_find for what the front does not have, pins_save_later for what is
 * not stored, pins_save.
 */
struct unsaved;

struct pins {
	const char	*path;		/* of the store; NULL: there is none */
	struct ccr	*ccr;		/* NULL: not open */
	struct ccr	*reader;	/* where it cannot be written */
	struct front	 front;
	struct unsaved	*unsaved;
	size_t		 nunsaved, unsavedcap;
	struct buf	 form;		/* from the store */
	bool		 down;		/* not asked again for this request */
	bool		 failed;	/* something is not stored */
};

void		 pins_begin(struct pins *p, bool may_wait);
void		 pins_release(struct pins *p);
void		 pins_settle(struct pins *p);

/* The store to write to, or NULL. */
struct ccr	*pins_store(const struct pins *p);

/* It failed: nothing more is asked of it for this request. */
void		 pins_failed(struct pins *p);

/* What the store knows; NULL: nothing, it cannot be asked, or no memory. */
struct pin	*pins_find(struct pins *p, const uint8_t key[CCR_PIN_KEY],
		    bool *nomem);

/*
 * Note that a pin is used; false if the store, which is open to write, does
 * not have it (any more).
 */
bool		 pins_touch(struct pins *p, const uint8_t key[CCR_PIN_KEY]);

/* Note a pin to be written; false: no memory. */
bool		 pins_save_later(struct pins *p,
		    const uint8_t key[CCR_PIN_KEY], const struct pin *pin)
		    HR_MUST_USE;

/* Write them, all or none; what is not written is tried the next time. */
void		 pins_save(struct pins *p);
void		 pins_forget(struct pins *p);

/* A change of the body: bytes start to end become with's. */
struct change {
	size_t		start, end;
	struct blob	*with;
};

struct changes {
	struct change	*c;
	size_t		 n, cap;
};

/* The first n of another list; false: no memory. */
bool		 changes_copy(struct changes *c, const struct changes *from,
		    size_t n) HR_MUST_USE;
void		 changes_release(struct changes *c);

/*
 * Add the change of t's string, which means text, in the body `whole` to one
 * that means form: of the part that differs.  False: no memory.
 */
bool		 changes_splice(struct changes *c, struct span whole,
		    const struct tool_text *t, struct span text,
		    struct span form, struct buf *scratch) HR_MUST_USE;

/* The changed body into out.  False: no memory. */
bool		 changes_apply(const struct changes *c, struct span body,
		    struct buf *out) HR_MUST_USE;

/* Where a body may be cut: behind an element of the list. */
struct memo_cut {
	size_t		 len;
	struct hash128	 hash;
	struct chain	 chain;
	size_t		 bytes;		/* of content */
	size_t		 nchanges;
	struct refs_mark refs;		/* lines shown up to there */
	bool		 rooted;	/* a text stands before it */
	uint64_t	 before, after;		/* tokens, up to there */
	uint64_t	 texts[FORWARD_WHYS];
};

#define MEMO_CUTS	5	/* the last, and some before it: marks move */

struct memo {
	struct memo	*next, *prev;
	uint64_t	 head;		/* hash of the first bytes */
	struct chain	 seed;
	struct chain	 root;		/* as in struct texts */
	struct facts	 before;	/* what stood before the list */
	struct facts	 facts;		/* and with what stood behind it: */
	size_t		 tail;		/* bytes behind the list */
	struct hash128	 tail_hash;
	uint64_t	 renewed;
	unsigned	 ncuts;
	struct memo_cut	 cut[MEMO_CUTS];	/* ascending */
	struct changes	 changes;
	struct refs	 refs;		/* the lines shown, to the last cut */
	size_t		 bytes;
};

#define MEMO_HEAD	1024	/* bytes; shorter bodies are soon read */
#define MEMO_MAX	((size_t)2 << 20)	/* bytes of all memos */
#define MEMO_COUNT	256

struct memos {
	struct memo	*first, *last;
	size_t		 bytes;
	unsigned	 n;
	uint64_t	 seed;
	uint64_t	 serial;	/* of the last change of all this */
	struct hash_run	 run;		/* of the body found last, to there */
};

/* The memo and the index of the cut that covers most of body, or NULL. */
struct memo	*memo_find(struct memos *m, struct span body, uint64_t renewed,
		    unsigned *cut);

/*
 * What was found is not gone on from: all places of the body are new.
 */
void		 memos_restart(struct memos *m);

/*
 * Go back to a cut in what is shown, or with -1 to nothing: the cuts behind
 * it are no more.
 */
void		 memo_rewind(struct memos *m, struct memo *e, int cut);

/*
 * Keep a memo of the body that memo_find was asked for last.  Its changes and
 * lines move there; cuts that were not taken from `old` (may be NULL), the one
 * that was found and is replaced, have no hash yet.
 */
void		 memo_keep(struct memos *m, struct memo *old,
		    const struct memo *like, struct span body);
void		 memos_release(struct memos *m);

/* What is decided for a text that was never sent; form in *form if not raw. */
struct decision {
	struct ccr_pin	 pin;
	struct buf	 form;		/* the whole text, as decoded */
	const char	*class;		/* of the read, or NULL: it is none */
};

struct decider {
	const struct forward_opt *opt;
	struct tok	*tok;		/* opened when it is first needed */
	struct ccr	*ccr;		/* NULL: nothing can be stored */
	enum squash_level level;	/* at most; from the retrieval */
	enum api	 api;
	const struct facts *facts;
	uint32_t	 policy;
	const struct refs *refs;	/* what stands before; NULL: off */
	uint64_t	 block;		/* of the text, in refs */
	struct refs_lines lines;
	struct refs_said said;
	struct squash	 squash;
	struct buf	 inner, encoded, squashed, referred;
	bool		 failed;	/* out: the store */
};

#define DECIDER_INIT { .squash = SQUASH_INIT, .lines = REFS_LINES_INIT,	\
	.said = REFS_SAID_INIT, .inner = BUF_INIT, .encoded = BUF_INIT,	\
	.squashed = BUF_INIT, .referred = BUF_INIT }

void	 decider_release(struct decider *d);
/* What a call asked to read. */
struct reads {
	struct file_judge	 judge;
	struct policy_read	 read;
	const char		*class;		/* as the ledger names it */
	enum squash_level	 level;		/* of all that was printed */
};

enum tool_class	 forward_call(const struct decider *d,
		    const struct tool_call *c, struct reads *r);

/* Set class and level for what was printed, with nothing around it. */
void		 forward_read_level(const struct decider *d, struct reads *r,
		    struct span text);

/* text is what tool_text t says, decoded. */
void	 forward_decide(struct decider *d, const struct tool_text *t,
	    struct span text, struct decision *out);

void	 forward_close_vocabulary(struct decider *d);

/* Put the original again of which `form` holds the mark. */
bool	 forward_renew(struct decider *d, struct span text, struct span form);

#endif
