/*
 * api - endpoints, providers and clients by table
 */
#include "compat.h"

#include "api.h"

/*
 * A path matches the whole, or with a '/' at the end of the entry, whatever
 * begins with it.  The first entry that matches counts.  What two providers
 * have is decided by a header that only Anthropic's API knows and demands.
 */
struct entry {
	const char	*path;
	enum provider	 provider;
	enum api	 api;
	bool		 shared;	/* OpenAI's without anthropic-version */
};

#define PASS(path, who)		{ path, PROVIDER_##who, API_NONE, false }
#define BOTH(path)		{ path, PROVIDER_ANTHROPIC, API_NONE, true }

static const struct entry entries[] = {
	{ "/v1/messages", PROVIDER_ANTHROPIC, API_MESSAGES, false },
	{ "/v1/chat/completions", PROVIDER_OPENAI, API_CHAT, false },
	{ "/v1/responses", PROVIDER_OPENAI, API_RESPONSES, false },
	{ "/backend-api/codex/responses", PROVIDER_CHATGPT, API_RESPONSES,
	  false },
	BOTH("/v1/models"), BOTH("/v1/models/"),
	BOTH("/v1/files"), BOTH("/v1/files/"),
	BOTH("/v1/skills"), BOTH("/v1/skills/"),
	PASS("/", ANTHROPIC),		/* Claude Code looks who is there */
	PASS("/api/", ANTHROPIC),
	PASS("/v1/messages/", ANTHROPIC),
	PASS("/v1/complete", ANTHROPIC),
	PASS("/v1/organizations/", ANTHROPIC),
	PASS("/v1/agents", ANTHROPIC), PASS("/v1/agents/", ANTHROPIC),
	PASS("/v1/environments", ANTHROPIC),
	PASS("/v1/environments/", ANTHROPIC),
	PASS("/v1/sessions", ANTHROPIC), PASS("/v1/sessions/", ANTHROPIC),
	PASS("/v1/chat/completions/", OPENAI),
	PASS("/v1/responses/", OPENAI),
	PASS("/v1/conversations", OPENAI), PASS("/v1/conversations/", OPENAI),
	PASS("/v1/completions", OPENAI),
	PASS("/v1/embeddings", OPENAI),
	PASS("/v1/moderations", OPENAI),
	PASS("/v1/images/", OPENAI),
	PASS("/v1/videos", OPENAI), PASS("/v1/videos/", OPENAI),
	PASS("/v1/audio/", OPENAI),
	PASS("/v1/realtime/", OPENAI),
	PASS("/v1/uploads", OPENAI), PASS("/v1/uploads/", OPENAI),
	PASS("/v1/batches", OPENAI), PASS("/v1/batches/", OPENAI),
	PASS("/v1/fine_tuning/", OPENAI),
	PASS("/v1/vector_stores", OPENAI), PASS("/v1/vector_stores/", OPENAI),
	PASS("/v1/containers", OPENAI), PASS("/v1/containers/", OPENAI),
	PASS("/v1/evals", OPENAI), PASS("/v1/evals/", OPENAI),
	PASS("/v1/assistants", OPENAI), PASS("/v1/assistants/", OPENAI),
	PASS("/v1/threads", OPENAI), PASS("/v1/threads/", OPENAI),
	PASS("/backend-api/", CHATGPT),
	PASS("/v1beta/", GEMINI),
	PASS("/v1alpha/", GEMINI),
	PASS("/upload/v1beta/", GEMINI),
	PASS("/model/", BEDROCK),
	PASS("/inference-profiles", BEDROCK),
	PASS("/inference-profiles/", BEDROCK),
	PASS("/v1/projects/", VERTEX),
	PASS("/v1beta1/projects/", VERTEX),
};

static bool
matches(const struct entry *e, struct span path)
{
	struct span p = span_z(e->path);

	/* "/" alone is the root, not everything. */
	if (p.n > 1 && p.p[p.n - 1] == '/')
		return path.n > p.n && span_starts(path, p);
	return span_eq(path, p);
}

bool
api_endpoint(struct span method, struct span path, bool anthropic_version,
    struct endpoint *out)
{
	const struct entry *e;
	size_t i;

	for (i = 0; i < HR_LEN(entries); i++) {
		e = &entries[i];
		if (!matches(e, path))
			continue;
		out->provider = e->shared && !anthropic_version ?
		    PROVIDER_OPENAI : e->provider;
		out->api = span_eq(method, SPAN_LIT("POST")) ? e->api :
		    API_NONE;
		return true;
	}
	return false;
}

static const struct {
	const char	*name;
	const char	*host;
} providers[PROVIDERS] = {
	[PROVIDER_ANTHROPIC] = { "anthropic", "https://api.anthropic.com" },
	[PROVIDER_OPENAI] = { "openai", "https://api.openai.com" },
	[PROVIDER_CHATGPT] = { "chatgpt", "https://chatgpt.com" },
	[PROVIDER_GEMINI] = { "gemini",
	    "https://generativelanguage.googleapis.com" },
	[PROVIDER_BEDROCK] = { "bedrock", NULL },
	[PROVIDER_VERTEX] = { "vertex", NULL },
};

const char *
provider_name(enum provider p)
{
	return p < PROVIDERS ? providers[p].name : "none";
}

enum provider
provider_by_name(struct span name)
{
	unsigned p;

	for (p = 0; p < PROVIDERS; p++)
		if (span_eq(name, span_z(providers[p].name)))
			break;
	return (enum provider)p;
}

const char *
provider_default(enum provider p)
{
	return p < PROVIDERS ? providers[p].host : NULL;
}

const char *
api_name(enum api a)
{
	switch (a) {
	case API_NONE:
		return "none";
	case API_MESSAGES:
		return "messages";
	case API_CHAT:
		return "chat";
	case API_RESPONSES:
		return "responses";
	}
	return "none";
}

/* How each begins its User-Agent. */
static const struct {
	const char	*agent;
	enum client	 client;
} agents[] = {
	{ "claude-cli/", CLIENT_CLAUDE_CODE },
	{ "claude-code/", CLIENT_CLAUDE_CODE },
	{ "codex_", CLIENT_CODEX },		/* codex_exec, codex_cli_rs */
	{ "codex-", CLIENT_CODEX },
	{ "GeminiCLI", CLIENT_GEMINI_CLI },
	{ "opencode/", CLIENT_OPENCODE },
	{ "pi-coding-agent", CLIENT_PI },
	{ "pi/", CLIENT_PI },
};

enum client
api_client(struct span user_agent)
{
	size_t i;

	for (i = 0; i < HR_LEN(agents); i++)
		if (span_starts(user_agent, span_z(agents[i].agent)))
			return agents[i].client;
	return CLIENT_OTHER;
}

const char *
client_name(enum client c)
{
	static const char *const names[CLIENTS] = {
		[CLIENT_OTHER] = "other",
		[CLIENT_CLAUDE_CODE] = "claude-code",
		[CLIENT_CODEX] = "codex",
		[CLIENT_GEMINI_CLI] = "gemini-cli",
		[CLIENT_OPENCODE] = "opencode",
		[CLIENT_PI] = "pi",
	};

	return c < CLIENTS ? names[c] : names[CLIENT_OTHER];
}
