"""agents.py - made conversations of coding agents, at random

    c = Conversation(seed)              # of any agent and API
    c.body(n, ...)                      # the request of turn n, bytes
    c.api, len(c.turns)

An agent reads, changes and writes files, and runs commands, each in the words
of its tools: Claude Code, Codex, OpenHands, pi.  The files are made of random
lines that stand in many places, with all that makes lines hard to name: blank
ones, braces, long ones, CRLF, numbers in front.  Same seed, same bytes.
"""
import json
import random

import sessions

WORDS = ('alpha beta gamma delta count index value buffer length return '
         'static const struct parse write flush node edge total '
         'gr\u00fc\u00dfe \u6771\u4eac caf\u00e9 \U0001f642').split()
COMMON = ('', '', '}', '\t}', '\treturn 0;', '    pass', '{', '});')
LOOKS = ('[hr: lines 1-9 as in the Read of x above]',
         '[hr: 12 lines as all of the output of `make x` above]',
         '[hr: 40 of 90 lines shown, complete output: hr-ccr get 1]',
         '[hr: lines 3-4 left out]')
KINDS = ('code', 'code', 'code', 'prose', 'table', 'numbers', 'crlf',
         'long', 'looks', 'steps')
FOLDERS = ('/w/src/', '/w/src/lib/', '/w/lib/', '/w/', '/srv/a b/src/',
           '/w/\u00fcber/')
FILES = ('a.c', 'util.py', 'xutil.py', 'main.rs', 'data.tsv', 'README')
REMINDER = ('<system-reminder>\nThe file may have changed.\n%s'
            '</system-reminder>')


ADVICE = ''.join('Part %d of what the client tells with each result.\n' % i
                 for i in range(14))


def words(rng, n):
    return ' '.join(rng.choice(WORDS) for _ in range(n))


def line(rng, kind, i):
    if kind in ('code', 'crlf', 'looks', 'long') and rng.random() < 0.25:
        return rng.choice(COMMON)
    if kind == 'table':
        return '%d\t%d\t%s' % (rng.randrange(1, 99), i, words(rng, 4))
    if kind == 'numbers':
        return '%d%s%s' % (i + 7, rng.choice(('\t', '\t', ': ')),
                           words(rng, 4))
    if kind == 'steps':
        return '%d: %s' % (i % 20 + 1, words(rng, 5))
    if kind == 'looks' and rng.random() < 0.1:
        return rng.choice(LOOKS)
    if kind == 'long' and rng.random() < 0.1:
        return words(rng, 400)
    return '%s%s = %s(%d);' % ('\t' * rng.randrange(4), words(rng, 1),
                               words(rng, 3), rng.randrange(10**4))


def new_lines(rng, kind, n):
    return [line(rng, kind, i) for i in range(n)]


class File:
    """Lines without their ends, and what these are."""

    def __init__(self, rng, path, n=None):
        self.path, self.kind = path, rng.choice(KINDS)
        self.lines = new_lines(rng, self.kind, n or rng.randrange(5, 160))
        self.end = '\r\n' if self.kind == 'crlf' else '\n'
        self.last = self.end if rng.random() < 0.8 else ''

    def text(self, a=0, b=None):
        part = self.lines[a:b]
        whole = b is None or b >= len(self.lines)
        return self.end.join(part) + (self.last if whole else self.end)

    def numbered(self, form, a=0, b=None):
        """As `cat -n` and the like print it, no newline at the end."""
        back = self.end[:-1]
        return '\n'.join(form % (a + 1 + i) + s + back for i, s in
                         enumerate(self.lines[a:b]))


class Made:
    """A call of a tool, and what it returned."""

    def __init__(self, tool, args, result, error=False):
        self.tool, self.args, self.result = tool, args, result
        self.error = error


# The agents: what they call for what they want, and what that returns.

class Claude:
    apis = ('messages',)
    tools = ('Bash', 'Read', 'Edit', 'Write', 'Grep')

    def __init__(self, rng):
        self.rng = rng
        self.form = rng.choice(('%d\t', '%6d\u2192', '%6d\t'))

    def read(self, f, a, b):
        args = {'file_path': f.path}
        if b is not None:
            args.update(offset=a + 1, limit=b - a)
        text = f.numbered(self.form, a, b)
        if self.rng.random() < 0.3:
            text += '\n\n' + REMINDER % self.rng.choice(('', ADVICE))
        return Made('Read', args, text)

    def edit(self, f, a, old, new):
        e = f.end
        text = 'The file %s has been updated. Here\'s the result of ' \
            'running `cat -n` on a snippet of the edited file:\n%s' % (
                f.path, f.numbered('%6d\u2192', max(0, a - 4),
                                   a + len(new) + 4))
        return Made('Edit', {'file_path': f.path,
                             'old_string': e.join(old),
                             'new_string': e.join(new)}, text)

    def write(self, f):
        return Made('Write', {'file_path': f.path, 'content': f.text()},
                    'File created successfully at: ' + f.path)

    def shell(self, command, text, error=False):
        args = {'command': command, 'description': 'Look'}
        return Made('Bash', args, text.rstrip('\n'), error)

    def search(self, word, text):
        return Made('Grep', {'pattern': word, 'output_mode': 'content'}, text)


class Codex(Claude):
    apis = ('responses',)
    tools = ('shell', 'exec_command', 'apply_patch', 'grep_files')

    def __init__(self, rng):
        self.rng = rng
        self.wrap = rng.choice(('json', 'lines', 'chunk', 'none'))

    def read(self, f, a, b):
        return self.shell(*show(self.rng, f, a, b))

    def wrapped(self, text, error=False):
        if self.wrap == 'json':
            return json.dumps({'output': text, 'metadata': {
                'exit_code': int(error), 'duration_seconds': 0.1}},
                ensure_ascii=self.rng.random() < 0.3,
                separators=(',', ':'))
        if self.wrap == 'none':
            return text
        if self.wrap == 'lines':
            return 'Exit code: %d\nWall time: 0.1 seconds\nOutput:\n%s' % (
                error, text)
        return 'Chunk ID: 3f9a2c\nWall time: 0.0512 seconds\n' \
            'Process exited with code %d\nOutput:\n%s' % (error, text)

    def shell(self, command, text, error=False):
        out = self.wrapped(text, error)
        if self.wrap == 'chunk':
            return Made('exec_command', {'cmd': command}, out, error)
        if self.wrap == 'none':
            return Made('local_shell_call', {'type': 'exec', 'command': [
                'bash', '-lc', command]}, out, error)
        return Made('shell', {'command': ['bash', '-lc', command],
                              'workdir': '/w'}, out, error)

    def patch(self, head, f, lines):
        text = '*** Begin Patch\n*** %s File: %s\n%s\n*** End Patch' % (
            head, f.path, '\n'.join(lines))
        return Made('apply_patch', text, self.wrapped(
            'Success. Updated the following files:\n%s %s\n' % (
                head[0], f.path)))

    def edit(self, f, a, old, new):
        return self.patch('Update', f, ['@@'] + [
            ' ' + s for s in f.lines[max(0, a - 3):a]] + [
            '-' + s for s in old] + ['+' + s for s in new])

    def write(self, f):
        return self.patch('Add', f, ['+' + s for s in f.lines])

    def search(self, word, text):
        return Made('grep_files', {'pattern': word}, text)


class OpenHands(Claude):
    apis = ('chat', 'messages')
    tools = ('execute_bash', 'str_replace_editor', 'find')
    tail = '\n[The command completed with exit code %d.]\n' \
        '[Current working directory: /w]\n' \
        '[Python interpreter: /usr/bin/python3]\n' \
        '[Command finished with exit code %d]'

    def __init__(self, rng):
        self.rng = rng

    def editor(self, command, f, text, **more):
        return Made('str_replace_editor',
                    dict(command=command, path=f.path, **more), text)

    def read(self, f, a, b):
        more = {} if b is None else {'view_range': [a + 1, b]}
        return self.editor('view', f, 'Here\'s the result of running '
                           '`cat -n` on %s:\n%s\n' % (
                               f.path, f.numbered('%6d\t', a, b)), **more)

    def edit(self, f, a, old, new):
        text = 'The file %s has been edited. Here\'s the result of running ' \
            '`cat -n` on a snippet of %s:\n%s\nReview the changes and make ' \
            'sure they are as expected.' % (f.path, f.path, f.numbered(
                '%6d\t', max(0, a - 4), a + len(new) + 4))
        return self.editor('str_replace', f, text, old_str=f.end.join(old),
                           new_str=f.end.join(new))

    def write(self, f):
        return self.editor('create', f, 'File created successfully at: ' +
                           f.path, file_text=f.text())

    def shell(self, command, text, error=False):
        return Made('execute_bash', {'command': command},
                    text.rstrip('\n') + self.tail % (error, error), error)

    def search(self, word, text):
        return Made('find', {'pattern': word}, text)


class Pi(Claude):
    apis = ('messages', 'chat', 'responses')
    tools = ('read', 'bash', 'edit', 'write', 'grep')

    def __init__(self, rng):
        self.rng = rng

    def read(self, f, a, b):
        if self.rng.random() < 0.3:
            return self.shell(*show(self.rng, f, a, b))
        args = {'path': f.path}
        if b is not None:
            args.update(offset=a + 1, limit=b - a)
        return Made('read', args, f.text(a, b))

    def edit(self, f, a, old, new):
        return Made('edit', {'path': f.path, 'oldText': f.end.join(old),
                             'newText': f.end.join(new)},
                    'Successfully replaced text in %s.' % f.path)

    def write(self, f):
        return Made('write', {'path': f.path, 'content': f.text()},
                    'Successfully wrote %d bytes to %s' % (
                        len(f.text()), f.path))

    def shell(self, command, text, error=False):
        return Made('bash', {'command': command}, text, error)

    def search(self, word, text):
        return Made('grep', {'pattern': word}, text)


AGENTS = (Claude, Codex, OpenHands, Pi)


# Commands, and what they print.

def quoted(path):
    return "'%s'" % path if ' ' in path else path


def show(rng, f, a, b):
    """A command that prints these lines of a file."""
    p = quoted(f.path)
    if b is not None:
        form = rng.choice((None, None, '%6d\t', '%d:', '%d: '))
        if form is None:
            return "sed -n '%d,%dp' %s" % (a + 1, b, p), f.text(a, b)
        how = {'%6d\t': 'nl -ba %s', '%d:': "grep -n '' %s",
               '%d: ': "awk '{print NR \": \" $0}' %s"}[form] % p
        return "%s | sed -n '%d,%dp'" % (how, a + 1, b), \
            f.numbered(form, a, b) + '\n'
    how = rng.choice(('cat %s', 'cat %s', 'nl -ba %s', 'cat -n %s',
                      "grep -n '' %s", "nl -ba -w3 -s'| ' %s",
                      'cd /w && cat %s && echo ok'))
    form = {'nl -ba %s': '%6d\t', 'cat -n %s': '%6d\t',
            "grep -n '' %s": '%d:', "nl -ba -w3 -s'| ' %s": '%3d| '}
    if how in form:
        return how % p, f.numbered(form[how]) + '\n'
    return how % p, f.text() + ('ok\n' if 'ok' in how else '')


class World:
    """Files, and a program whose tests print nearly the same each time."""

    def __init__(self, rng):
        self.rng = rng
        self.files = [File(rng, folder + name) for folder, name in
                      rng.sample([(x, y) for x in FOLDERS for y in FILES],
                                 rng.randrange(2, 6))]
        self.log = ['test %d of %s ... ok' % (i, words(rng, 4))
                    for i in range(rng.randrange(20, 70))]

    def file(self):
        return self.rng.choice(self.files)

    def part(self, f):
        """A range of lines, mostly a long one."""
        n = len(f.lines)
        a = self.rng.randrange(max(1, n - 8))
        return a, min(n, a + self.rng.randrange(8, 120))

    def run_tests(self):
        for _ in range(self.rng.randrange(3)):
            i = self.rng.randrange(len(self.log))
            self.log[i] = 'test %d of %s ... FAILED' % (
                i, words(self.rng, 3))
        return '\n'.join(['running %d tests' % len(self.log)] + self.log +
                         ['done in %d ms' % self.rng.randrange(999)]) + '\n'


# What an agent does: each makes a list of calls, told at once.

def do_read(w, agent):
    return [agent.read(w.file(), 0, None)]


def do_read_part(w, agent):
    f = w.file()
    return [agent.read(f, *w.part(f))]


def do_read_again(w, agent):
    """The same at once, as one does who was not shown it."""
    f = w.file()
    return [[agent.read(f, 0, None)] for _ in range(w.rng.randrange(2, 4))]


def do_show(w, agent):
    f = w.file()
    a, b = w.part(f)
    whole = w.rng.random() < 0.5
    return [agent.shell(*show(w.rng, f, 0 if whole else a,
                              None if whole else b))]


def do_show_two(w, agent):
    f, g = w.file(), w.file()
    return [agent.shell('cat %s %s' % (quoted(f.path), quoted(g.path)),
                        f.text() + g.text())]


def do_edit(w, agent):
    f, rng = w.file(), w.rng
    a = rng.randrange(len(f.lines))
    n = rng.choice((0, 1, 1, 2, 6, 20))
    old = f.lines[a:a + n]
    new = new_lines(rng, f.kind, rng.choice((0, 1, 2, 5, 25, 60)))
    if rng.random() < 0.2:
        other = w.file().lines          # what is moved to here
        new = other[:rng.randrange(30)]
    f.lines[a:a + n] = new
    if not f.lines:
        f.lines = ['']
    made = [agent.edit(f, a, old, new)]
    return [made, [agent.read(f, 0, None)]] if rng.random() < 0.4 else made


def do_write(w, agent):
    rng = w.rng
    if rng.random() < 0.5:
        f = w.file()
        f.lines += new_lines(rng, f.kind, rng.randrange(30))
    else:
        f = File(rng, rng.choice(FOLDERS) + 'new%d.c' % rng.randrange(9))
        w.files.append(f)
    made = [agent.write(f)]
    return [made, [agent.read(f, 0, None)]] if rng.random() < 0.6 else made


def do_test(w, agent):
    return [agent.shell('make test 2>&1 | tail -80', w.run_tests())]


def do_long_command(w, agent):
    """Of a command that has many lines, and of long ones, the first says."""
    text = 'python3 - <<EOF\nprint(%d)\nEOF' % w.rng.randrange(9)
    if w.rng.random() < 0.5:
        text = 'cat /w/%s | sort' % ('\u00fcber' * 20)
    return [agent.shell(text, w.run_tests())]


def do_search(w, agent):
    f = w.file()
    return [agent.search(f.path[-9:], '\n'.join(
        '%s:%s' % (f.path, s) for s in f.lines))]


def do_parallel(w, agent):
    made = []
    for _ in range(w.rng.randrange(2, 5)):
        act = w.rng.choice((do_read, do_read_part, do_show, do_search))
        made += act(w, agent)
    return made


def do_fetch(w, agent):
    f = w.file()
    return [agent.shell('hr-ccr get 482913305718264903815', f.text())]


def do_fail(w, agent):
    """Errors, short ones and long ones, that show what was shown."""
    f = w.file()
    n = w.rng.choice((8, 8, 150))
    return [agent.shell('make check', '\n'.join(f.lines[:n]) + '\n', True)]


def do_parts(w, agent):
    """A result that is a list of texts."""
    f, g = w.file(), w.file()
    made = agent.search('two', '')
    made.result = ['\n'.join(f.lines), g.text(), '\n'.join(f.lines[9:40])]
    return [made]


def do_say(w, agent):
    return 'Now %s, please.' % words(w.rng, 5)


ACTS = ((do_read, 6), (do_read_part, 6), (do_read_again, 2), (do_show, 6),
        (do_show_two, 1), (do_edit, 8), (do_write, 4), (do_test, 4),
        (do_long_command, 2), (do_search, 2), (do_parallel, 3),
        (do_fetch, 1), (do_fail, 2), (do_parts, 1), (do_say, 2))


class Conversation:
    """Turns of calls (a list), of words (a string), compacted (None)."""

    def __init__(self, seed, agent=None, api=None, turns=None, acts=ACTS,
                 compacted=False):
        rng = random.Random(seed)
        self.seed = seed
        self.agent = (agent or AGENTS[seed % len(AGENTS)])(rng)
        self.api = api or rng.choice(self.agent.apis)
        self.turns = []
        turns = turns or rng.randrange(4, 26)
        w = World(rng)
        while len(self.turns) < turns:
            act = rng.choices([a for a, _ in acts], [n for _, n in acts])[0]
            made = act(w, self.agent)
            many = isinstance(made, list) and isinstance(made[0], list)
            self.turns += made if many else [made]
        self.turns = self.turns[:turns]
        if compacted:
            self.turns.insert(rng.randrange(turns), None)
        # What stands before: with much of it small savings count too.
        self.filler = words(rng, rng.choice((9, 1500, 6000)))
        self.ascii = rng.random() < 0.3
        self.listed = rng.random() < 0.3
        self.headers = list(sessions.HEADERS[self.api])

    def body(self, turn=None, stubs=0, mark=1, listed=None, **more):
        """The request of a turn, all by default.

        stubs       so many results, the first ones, are dropped by the client
        mark        which message from the end bears cache_control (Messages)
        listed      results are lists of one text
        more        members of the body; None takes one away
        """
        e = Encoder(self, stubs, self.listed if listed is None else listed)
        o = getattr(e, self.api)(self.turns[:turn], mark)
        o.update(more)
        o = {k: v for k, v in o.items() if v is not None}
        return json.dumps(o, ensure_ascii=self.ascii, separators=(
            (', ', ': ') if self.ascii else (',', ':'))).encode()


STUB = '[Old tool result content cleared]'


class Encoder:
    def __init__(self, c, stubs, listed):
        self.c, self.stubs, self.listed = c, stubs, listed
        self.n = 0

    def result(self, made, kind):
        """A text, or a list of parts of this kind."""
        self.n += 1
        r = made.result if self.n > self.stubs else STUB
        if isinstance(r, str) and not self.listed:
            return r
        return [{'type': kind, 'text': t} for t in
                ([r] if isinstance(r, str) else r)]

    def ident(self, turn, i):
        return 'call_%d_%d_%d' % (self.c.seed, turn, i)

    def messages(self, turns, mark):
        ms = [{'role': 'user', 'content': 'Repair it.'}]
        for i, made in enumerate(turns):
            if made is None:
                ms.append({'role': 'assistant', 'content': [
                    {'type': 'compaction', 'content': 'What was done.'}]})
                ms.append({'role': 'user', 'content': 'Go on.'})
            elif isinstance(made, str):
                ms.append({'role': 'assistant', 'content': 'Done.'})
                ms.append({'role': 'user', 'content': made})
            else:
                ms += self.messages_turn(i, made)
        self.set_mark(ms, mark)
        return {'model': 'claude-made-1', 'max_tokens': 32000,
                'system': [{'type': 'text', 'text': self.c.filler}],
                'tools': [sessions.tool(t, 'x') for t in self.c.agent.tools],
                'context_management': {'edits': [
                    {'type': 'clear_thinking_20251015', 'keep': 'all'}]},
                'messages': ms}

    def messages_turn(self, turn, made):
        calls, results = [{'type': 'text', 'text': 'I look.'}], []
        for i, m in enumerate(made):
            calls.append({'type': 'tool_use', 'id': self.ident(turn, i),
                          'name': m.tool, 'input': m.args if isinstance(
                              m.args, dict) else {'input': m.args}})
            results.append({'type': 'tool_result',
                            'tool_use_id': self.ident(turn, i),
                            'content': self.result(m, 'text')})
            if m.error:
                results[-1]['is_error'] = True
        if turn % 7 == 3:
            results.append({'type': 'text', 'text': REMINDER % ''})
        return [{'role': 'assistant', 'content': calls},
                {'role': 'user', 'content': results}]

    def set_mark(self, ms, mark):
        if not 0 < mark <= len(ms):
            return
        m = ms[-mark]
        if isinstance(m['content'], str):
            m['content'] = [{'type': 'text', 'text': m['content']}]
        m['content'][-1]['cache_control'] = {'type': 'ephemeral'}

    def chat(self, turns, mark):
        ms = [{'role': 'system', 'content': self.c.filler},
              {'role': 'user', 'content': 'Repair it.'}]
        for i, made in enumerate(turns):
            if made is None:
                continue
            if isinstance(made, str):
                ms.append({'role': 'assistant', 'content': 'Done.'})
                ms.append({'role': 'user', 'content': made})
                continue
            ms.append({'role': 'assistant', 'content': None, 'tool_calls': [
                {'id': self.ident(i, k), 'type': 'function', 'function': {
                    'name': m.tool, 'arguments': json.dumps(m.args)}}
                for k, m in enumerate(made)]})
            ms += [{'role': 'tool', 'tool_call_id': self.ident(i, k),
                    'content': self.result(m, 'text')}
                   for k, m in enumerate(made)]
        return {'model': 'gpt-made-1', 'stream': True, 'messages': ms,
                'tools': [{'type': 'function', 'function': {
                    'name': t, 'parameters': {'type': 'object'}}}
                    for t in self.c.agent.tools]}

    def responses(self, turns, mark):
        items = [self.said('user', 'input_text', 'Repair it.')]
        for i, made in enumerate(turns):
            if made is None:
                items.append({'type': 'compaction', 'id': 'cmp_1',
                              'encrypted_content': 'gAAAAA=='})
            elif isinstance(made, str):
                items.append(self.said('assistant', 'output_text', 'Done.'))
                items.append(self.said('user', 'input_text', made))
            else:
                items += [self.call(i, k, m) for k, m in enumerate(made)]
                items += [self.output(i, k, m) for k, m in enumerate(made)]
        return {'model': 'gpt-made-1-codex', 'stream': True, 'store': False,
                'instructions': self.c.filler, 'input': items,
                'tools': [{'type': 'function', 'name': t, 'parameters': {
                    'type': 'object'}} for t in self.c.agent.tools]}

    def said(self, role, kind, text):
        return {'type': 'message', 'role': role,
                'content': [{'type': kind, 'text': text}]}

    def call(self, turn, i, m):
        if isinstance(m.args, str):
            return {'type': 'custom_tool_call', 'name': m.tool,
                    'input': m.args, 'call_id': self.ident(turn, i)}
        if m.tool == 'local_shell_call':
            return {'type': m.tool, 'action': m.args, 'status': 'completed',
                    'call_id': self.ident(turn, i)}
        return {'type': 'function_call', 'name': m.tool,
                'arguments': json.dumps(m.args),
                'call_id': self.ident(turn, i)}

    def output(self, turn, i, m):
        kind = 'custom_tool_call' if isinstance(m.args, str) else \
            'local_shell_call' if m.tool == 'local_shell_call' else \
            'function_call'
        return {'type': kind + '_output', 'call_id': self.ident(turn, i),
                'output': self.result(m, 'input_text')}
