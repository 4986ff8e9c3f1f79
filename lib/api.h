/*
 * api.h - whom a request is for, and which API its body speaks
 *
 * One table from paths to providers.  A path that is not in it belongs to
 * nobody, so that no key goes to a host it was not meant for.  Nothing in a
 * request chooses a host: a path that several providers have (/v1/models and
 * a few more) is Anthropic's if the header anthropic-version stands in the
 * request, which that API demands of each and no other knows.
 */
#ifndef HR_API_H
#define HR_API_H

#include "compat.h"

#include "span.h"

/* Bodies in which tool results are found. */
enum api {
	API_NONE,		/* passes untouched */
	API_MESSAGES,		/* Anthropic Messages */
	API_CHAT,		/* OpenAI Chat Completions */
	API_RESPONSES		/* OpenAI Responses */
};

enum provider {		/* in the order of PROVIDER_NAMES */
	PROVIDER_ANTHROPIC,
	PROVIDER_OPENAI,
	PROVIDER_CHATGPT,	/* Codex with a ChatGPT login */
	PROVIDER_GEMINI,
	PROVIDER_BEDROCK,	/* no default host: it depends on a region */
	PROVIDER_VERTEX,	/* the same */
	PROVIDERS
};

struct endpoint {
	enum provider	provider;
	enum api	api;
};

/*
 * Find what a path is (without query; it begins with '/').  Only a POST has
 * an api other than API_NONE.  False: not in the table.
 */
bool	api_endpoint(struct span method, struct span path,
	    bool anthropic_version, struct endpoint *e);

/* "anthropic", "openai", ...; PROVIDERS if there is none of this name. */
const char *provider_name(enum provider p);
enum provider provider_by_name(struct span name);

/* Where it is unless the user says otherwise; NULL: nowhere. */
const char *provider_default(enum provider p);

/* "messages", "chat", "responses", or "none". */
const char *api_name(enum api a);

/*
 * Who sends it, as far as a User-Agent header tells; what the client is
 * known to do decides how it can fetch what was left out.
 */
enum client {
	CLIENT_OTHER,
	CLIENT_CLAUDE_CODE,
	CLIENT_CODEX,
	CLIENT_GEMINI_CLI,
	CLIENT_OPENCODE,
	CLIENT_PI,
	CLIENTS
};

enum client api_client(struct span user_agent);
const char *client_name(enum client c);	/* "claude-code", ..., "other" */

/* What kind of credentials it brings; nothing of them is kept. */
enum key_kind {
	KEY_NONE,
	KEY_API,		/* x-api-key, api-key, x-goog-api-key */
	KEY_BEARER,		/* Authorization: Bearer */
	KEY_OAUTH		/* the same with an Anthropic OAuth token */
};

#endif
