"""sessions.py - made agent sessions in the words of three APIs

    s = Session('messages', turns=30, seed=1)
    s.body(7)           # the request of turn 7, bytes
    s.headers           # as the agent sends them

A turn is a tool call with its result, or a word between user and model.  Each
request holds all turns before it, as agents send them.  In every other turn a
tool returns many records as JSON; the others are files read by a tool or by
cat, short errors, short outputs and plain words.  Same arguments, same bytes.
"""
import json
import random

APIS = ('messages', 'chat', 'responses')
PATHS = {'messages': '/v1/messages?beta=true',
         'chat': '/v1/chat/completions', 'responses': '/v1/responses'}

HEADERS = {
    'messages': [
        ('Accept', 'application/json'),
        ('Content-Type', 'application/json'),
        ('User-Agent', 'claude-cli/2.1.330 (external, cli)'),
        ('X-Claude-Code-Session-Id', '8b3c0c9e-0000-4000-8000-000000000001'),
        ('x-api-key', 'sk-ant-api03-made'),
        ('anthropic-version', '2023-06-01'),
        ('anthropic-beta', 'claude-code-20250219,context-management-'
                           '2025-06-27'),
        ('x-stainless-retry-count', '0')],
    'chat': [
        ('content-type', 'application/json'),
        ('user-agent', 'opencode/1.2.3'),
        ('authorization', 'Bearer sk-made')],
    'responses': [
        ('authorization', 'Bearer sk-made'),
        ('user-agent', 'codex_exec/0.169.0 (Debian 12; x86_64) unknown'),
        ('originator', 'codex_exec'),
        ('session-id', '019a0000-0000-7000-8000-000000000001'),
        ('accept', 'text/event-stream'),
        ('content-type', 'application/json')],
}


# Texts.

def records(rng, n=200):
    """A list as `kubectl get` and the like print it; one row stands out."""
    odd = rng.randrange(n // 4, n)
    first = rng.randrange(1000, 8000)
    rows = [{'name': 'web-%d' % (first + i), 'namespace': 'shop',
             'phase': 'CrashLoopBackOff' if i == odd else 'Running',
             'restarts': 42 if i == odd else 0,
             'node': 'node-%d' % (i % 3)} for i in range(n)]
    return '[' + ',\n '.join(json.dumps(r) for r in rows) + ']\n'


def rows(rng, n=150):
    """What a database tool returns: one line, words of many languages."""
    base = rng.randrange(10**6)
    return json.dumps([{
        'id': base + i, 'customer': 'Zo\u00eb %d' % rng.randrange(9),
        'city': rng.choice(['K\u00f6ln', '\u6771\u4eac', 'Bras\u00edlia']),
        'amount': round(rng.random() * 100, 2), 'paid': i % 7 != 0,
        'note': None} for i in range(n)], ensure_ascii=False,
        separators=(',', ':'))


def events(rng, n=180):
    """JSON values, one a line."""
    t = 1790000000 + rng.randrange(10**6)
    odd = rng.randrange(n)
    return ''.join(json.dumps({
        'ts': t + i, 'level': 'error' if i == odd else 'info',
        'msg': 'connection reset by peer' if i == odd else 'request done',
        'ms': rng.randrange(3, 9), 'host': 'api-%d' % (i % 2)}) + '\n'
        for i in range(n))


def source(rng, n=90):
    return ''.join('\tif (count[%d] > %d)\t/* \u00fcber %s */\n\t\treturn '
                   'x->y["%d"];\n' % (i, rng.randrange(99),
                                      rng.choice('abc'), i)
                   for i in range(n))


def numbered(text):
    return ''.join('%d\t%s\n' % (i + 1, line)
                   for i, line in enumerate(text.splitlines()))


# What happens: (what, arguments, result, error).

CYCLE = ('pods', 'read', 'rows', 'cat', 'events', 'error', 'pods', 'words',
         'rows', 'ls')


def happening(kind, i, rng):
    if kind == 'pods':
        return ('shell', 'kubectl get pods -n ns%d -o json' % i,
                records(rng), False)
    if kind == 'rows':
        return ('query', 'select * from orders limit %d' % i, rows(rng),
                False)
    if kind == 'events':
        return ('shell', 'journalctl -o json -u api%d' % i, events(rng),
                False)
    if kind == 'read':
        return ('read', '/w/src/f%d.c' % i, source(rng), False)
    if kind == 'cat':
        return ('shell', 'cat /w/conf%d.json' % i, records(rng), False)
    if kind == 'error':
        return ('shell', 'make -C part%d' % i,
                'Exit code 2\nmake: *** No rule to make target \'x%d\'.  '
                'Stop.' % i, True)
    if kind == 'words':
        return ('words', 'Now part %d, please \U0001f642' % i, None, False)
    return ('shell', 'ls', 'Makefile\nREADME\nsrc\n', False)


class Session:
    def __init__(self, api, turns=30, seed=1, cycle=CYCLE, made=None):
        self.api, self.turns, self.seed = api, turns, seed
        self.headers = list(HEADERS[api])
        self.path = PATHS[api]
        self.happened = list(made or [])
        for i in range(len(self.happened), turns):
            rng = random.Random(seed * 1000 + i)
            self.happened.append(
                happening(cycle[i % len(cycle)], i, rng))

    def body(self, turn, **how):
        """The request of a turn, counted from 1.  How, for messages:

        mark        which message from the end bears cache_control (1)
        listed      results' texts stand in a list (by turn)
        """
        o = getattr(self, self.api)(self.happened[:turn], **how)
        if self.api == 'chat':
            return json.dumps(o).encode()
        return json.dumps(o, ensure_ascii=False,
                          separators=(',', ':')).encode()

    # Claude Code's way.

    def messages(self, happened, mark=1, listed=False, stream=True):
        cached = {'type': 'ephemeral'}
        ms = [{'role': 'user', 'content': [
            {'type': 'text', 'text': '<system-reminder>\nToday is a day.\n'
             '</system-reminder>'},
            {'type': 'text', 'text': 'Find out why the shop is slow '
             '(session %d).' % self.seed}]}]
        for i, (what, arg, result, error) in enumerate(happened):
            if what == 'words':
                ms.append({'role': 'assistant', 'content': [
                    {'type': 'text', 'text': 'Part %d is done.' % i}]})
                ms.append({'role': 'user', 'content': arg})
                continue
            ms.append({'role': 'assistant', 'content':
                       self.messages_call(i, what, arg)})
            block = {'tool_use_id': 'toolu_%d_%d' % (self.seed, i),
                     'type': 'tool_result', 'content': result}
            if listed:
                block['content'] = [{'type': 'text', 'text': result}]
            if error:
                block['is_error'] = True
            ms.append({'role': 'user', 'content': [block]})
        if 0 < mark <= len(ms):
            m = ms[-mark]
            if isinstance(m['content'], str):
                m['content'] = [{'type': 'text', 'text': m['content']}]
            m['content'] = m['content'][:-1] + [
                dict(m['content'][-1], cache_control=cached)]
        return {
            'model': 'claude-made-1', 'messages': ms,
            'system': [
                {'type': 'text', 'text': 'x-anthropic-billing-header: '
                 'cc_version=2.1.330; cc_entrypoint=cli;'},
                {'type': 'text', 'text': 'You are an agent.',
                 'cache_control': cached},
                {'type': 'text', 'text': 'Folder: /w. \u2013 \u00e9',
                 'cache_control': cached}],
            'tools': [tool('Bash', 'command'), tool('Read', 'file_path'),
                      tool('Edit', 'file_path'),
                      tool('mcp__shop__query', 'sql')],
            'metadata': {'user_id': 'user_1'}, 'max_tokens': 32000,
            'thinking': {'type': 'enabled', 'budget_tokens': 31999},
            'context_management': {'edits': [
                {'type': 'clear_thinking_20251015', 'keep': 'all'}]},
            'stream': stream}

    def messages_call(self, i, what, arg):
        name, key = {'shell': ('Bash', 'command'),
                     'read': ('Read', 'file_path'),
                     'query': ('mcp__shop__query', 'sql')}[what]
        blocks = []
        if i % 4 == 0:
            blocks.append({'type': 'thinking', 'thinking': 'Let me see %d.'
                           % i, 'signature': 'EqQB%d+/=' % i})
        blocks.append({'type': 'text', 'text': 'I run it.'})
        blocks.append({'type': 'tool_use',
                       'id': 'toolu_%d_%d' % (self.seed, i), 'name': name,
                       'input': {key: arg, 'description': 'Look'}})
        return blocks

    # OpenAI chat, as an SDK for Python writes it.

    def chat(self, happened, listed=False, stream=True, mark=0):
        ms = [{'role': 'system', 'content': 'You are an agent.'},
              {'role': 'user', 'content': 'Find out why the shop is slow '
               '(session %d).' % self.seed}]
        for i, (what, arg, result, error) in enumerate(happened):
            if what == 'words':
                ms.append({'role': 'assistant', 'content': 'Part %d is done.'
                           % i})
                ms.append({'role': 'user', 'content': arg})
                continue
            name, key = {'shell': ('bash', 'command'),
                         'read': ('read', 'filePath'),
                         'query': ('shop_query', 'sql')}[what]
            ident = 'call_%d_%d' % (self.seed, i)
            ms.append({'role': 'assistant', 'content': None, 'tool_calls': [
                {'id': ident, 'type': 'function', 'function': {
                    'name': name, 'arguments': json.dumps({key: arg})}}]})
            ms.append({'role': 'tool', 'tool_call_id': ident, 'content':
                       [{'type': 'text', 'text': result}] if listed
                       else result})
        o = {'messages': ms, 'model': 'gpt-made-1', 'stream': stream,
             'tools': [{'type': 'function', 'function': {
                 'name': n, 'description': 'A tool', 'parameters': {
                     'type': 'object', 'properties': {
                         k: {'type': 'string'}}}}}
                 for n, k in (('bash', 'command'), ('read', 'filePath'),
                              ('edit', 'filePath'), ('shop_query', 'sql'))]}
        if stream:
            o['stream_options'] = {'include_usage': True}
        return o

    # Codex: what its shell returns is JSON in a string.

    def responses(self, happened, stream=True, mark=0, listed=False):
        items = [
            {'type': 'message', 'role': 'developer', 'content': [
                {'type': 'input_text', 'text': 'You are an agent.'}]},
            {'type': 'message', 'role': 'user', 'content': [
                {'type': 'input_text', 'text': 'Find out why the shop is '
                 'slow (session %d).' % self.seed}]}]
        for i, (what, arg, result, error) in enumerate(happened):
            if what == 'words':
                items.append({'type': 'message', 'role': 'assistant',
                              'content': [{'type': 'output_text', 'text':
                                           'Part %d is done.' % i}]})
                items.append({'type': 'message', 'role': 'user', 'content': [
                    {'type': 'input_text', 'text': arg}]})
                continue
            if i % 4 == 0:
                items.append({'type': 'reasoning', 'id': 'rs_%d' % i,
                              'summary': [],
                              'encrypted_content': 'gAAAAA%d==' % i})
            ident = 'call_%d_%d' % (self.seed, i)
            if what == 'query':
                call = ('shop_query', {'sql': arg})
                out = [{'type': 'input_text', 'text': result}] if listed \
                    else result
            else:
                if what == 'read':
                    arg = "sed -n '1,200p' " + arg
                call = ('shell', {'command': ['bash', '-lc', arg],
                                  'workdir': '/w'})
                out = json.dumps({'output': result, 'metadata': {
                    'exit_code': 2 if error else 0,
                    'duration_seconds': 0.1}}, ensure_ascii=False,
                    separators=(',', ':'))
            items.append({'type': 'function_call', 'name': call[0],
                          'arguments': json.dumps(call[1]),
                          'call_id': ident})
            items.append({'type': 'function_call_output', 'call_id': ident,
                          'output': out})
        return {
            'model': 'gpt-made-1-codex', 'stream': stream, 'input': items,
            'tools': [{'type': 'function', 'name': n, 'strict': False,
                       'description': 'A tool', 'parameters': {
                           'type': 'object', 'properties': {
                               k: {'type': 'string'}}}}
                      for n, k in (('shell', 'command'),
                                   ('shop_query', 'sql'))],
            'tool_choice': 'auto', 'parallel_tool_calls': False,
            'reasoning': {'effort': 'medium'}, 'store': False,
            'include': ['reasoning.encrypted_content'],
            'prompt_cache_key': '019a-%d' % self.seed}


def tool(name, key):
    return {'name': name, 'description': 'A tool', 'input_schema': {
        'type': 'object', 'properties': {key: {'type': 'string'}},
        'required': [key]}}


def one(api, what='shell', arg='kubectl get pods -o json', result=None,
        error=False, seed=1, **how):
    """A request with one tool result, as bytes."""
    if result is None:
        result = records(random.Random(seed))
    s = Session(api, turns=1, seed=seed, made=[(what, arg, result, error)])
    return s.body(1, **how)
