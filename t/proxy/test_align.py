"""test_align.py - what hr-align --refs makes of conversations of agents

Each reference is followed by a reader who has the forwarded body alone
(refs.py): what he rebuilds is what the client sent, byte for byte.
"""
import json
import os
import random
import re
import shlex
import subprocess
from collections import Counter

import agents
import refs
import spans
from agents import Conversation, Made
from hrtest import counts, equal, same_bytes
from sessions import APIS

WHERES = ('between these two lines in', 'all behind that line in',
          'all before the next line in', 'all of')


def align(body, *args):
    command = shlex.split(os.environ.get('HR_ALIGN', 'hr-align'))
    r = subprocess.run(command + ['--refs', *args], input=body, timeout=60,
                       stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if '--explain' not in args:
        equal((r.returncode, r.stderr), (0, b''), 'hr-align')
        return r.stdout
    equal(r.returncode, 0, 'hr-align')
    return r.stdout, r.stderr.decode()


def followed(body, got, api, what=''):
    """Texts before and after, and who read them; all of it is right."""
    try:
        texts = spans.compare(body, got, api)
        reader = refs.Reader(got, api)
    except AssertionError as e:
        raise AssertionError('%s: %s' % (what, e)) from None
    for t in texts:
        same_bytes(reader.texts[t.path].encode(), t.before.encode(),
                   '%s: text %s' % (what, t.path))
        assert len(t.after) <= len(t.before), '%s: %s' % (what, t.path)
        reminders_stay(t)
    return texts, reader


def reminders_stay(t):
    parts = re.compile('<system-reminder>.*?</system-reminder>', re.S)
    equal(parts.findall(t.after), parts.findall(t.before), 'reminders')


def aligned(c, *args, **how):
    """A conversation's texts, and who read them."""
    body = c.body(**how)
    return followed(body, align(body, *args), c.api, 'seed %d' % c.seed)


def references(texts):
    return [line for t in texts for line in t.after.split('\n')
            if refs.is_reference(line) and line not in t.before]


# Each reference is right.

def seen_enough(seen, least):
    """A test that saw no reference of a kind would prove nothing of it."""
    few = {k: seen[k] for k, n in least.items() if seen[k] < n}
    assert not few, 'too few of: %s; all: %s' % (few, seen)


def every_text_comes_back():
    seen = Counter()
    for seed in range(300):
        seen += aligned(Conversation(seed))[1].seen
    least = {(k, w): 40 for k in ('numbered', 'plain') for w in WHERES}
    least.update({('numbered', 'same'): 400, ('numbered', 'lines'): 100,
                  ('plain', 'lines'): 100, 'ordinal': 300,
                  'shortened': 300, 'whole path': 200, 'input': 300,
                  'result': 1000, 'in JSON': 50, 'behind Output:': 100,
                  'output': 500, 'Read': 100, 'Edit': 30, 'Write': 30,
                  'str_replace_editor view': 100,
                  'str_replace_editor str_replace': 30,
                  'str_replace_editor create': 30,
                  'read': 50, 'edit': 20, 'write': 30})
    seen_enough(seen, least)


def mutations(line):
    """References that are not this one, and wrong."""
    def more(m):
        return str(int(m.group()) + 1)
    yield re.sub('[0-9]+(?=-| lines?)', more, line, 1)
    yield re.sub('(?<=lines )[0-9]+-[0-9]+(?=.* above]$)', '3-9', line)
    for a, b in ((' above]', '.x above]'), ('1st', '2nd'), ('2nd', '1st'),
                 ('all behind that', 'between these two'),
                 ('all of', 'all behind that line in'),
                 (' the ', ' the 7th '), ('.../', '')):
        if a in line:
            yield line.replace(a, b, 1)


def a_wrong_reference_is_noticed():
    """The reader is no use if he takes every reference for right."""
    rng = random.Random(1)
    n = noticed = 0
    for seed in range(30):
        c = Conversation(seed)
        got = align(c.body()).decode()
        texts = spans.compare(c.body(), got.encode(), c.api)
        for line in rng.sample(references(texts), min(
                2, len(references(texts)))):
            quoted = json.dumps(line)[1:-1]
            for wrong in mutations(line):
                if wrong == line or quoted not in got:
                    continue
                n += 1
                bad = got.replace(quoted, json.dumps(wrong)[1:-1], 1)
                noticed += is_wrong(c, texts, bad.encode())
    assert n > 100, n
    assert noticed >= n * 0.97, (noticed, n)


def is_wrong(c, texts, bad):
    try:
        found = refs.Reader(bad, c.api).texts
    except (AssertionError, IndexError):
        return True
    return [found[t.path] for t in texts] != [t.before for t in texts]


def no_text_is_longer():
    """Each reference saves tokens, as they stand in the request."""
    pairs = []
    for seed in range(400, 430):
        pairs += [(t.before, t.after) for t in aligned(Conversation(seed))[0]
                  if t.changed]
    assert len(pairs) > 60, len(pairs)
    before = counts([b for b, _ in pairs])
    after = counts([a for _, a in pairs])
    for b, a, (_, text) in zip(before, after, pairs):
        assert a + 40 <= b, (b, a, text)


def each_turn_extends_the_last():
    """Without any memory: it is all in the request."""
    n = 0
    for seed in range(500, 540):
        c = Conversation(seed, compacted=seed % 3 == 0)
        last = []
        for turn in range(1, len(c.turns) + 1):
            body = c.body(turn, mark=turn % 4, listed=turn % 3 == 1)
            got = align(body)
            now = spans.canonical(got, c.api)
            equal(now[:len(last)], last, 'seed %d turn %d' % (seed, turn))
            last = now
        n += got != body
    assert n > 25, n


def a_second_pass_is_right_too():
    """What is left is hardly less, and can be followed as well."""
    first = second = 0
    for seed in range(600, 700):
        c = Conversation(seed)
        got = align(c.body())
        again = align(got)
        equal(refs.Reader(again, c.api).texts, refs.Reader(
            got, c.api).texts, 'seed %d' % seed)
        first += len(references(spans.compare(c.body(), got, c.api)))
        second += len(references(spans.compare(got, again, c.api)))
    assert first > 100 and second * 50 <= first, (first, second)


# What is not referred to, and not replaced.

def after_a_compaction():
    """The client drops old results, or the server all that stood before."""
    n = dropped = 0
    for seed in range(700, 740):
        c = Conversation(seed)
        whole = len(references(aligned(c)[0]))
        for stubs in (1, 5, 99):
            texts, reader = aligned(c, stubs=stubs)
            dropped += whole - len(references(texts))
            for t in texts:
                equal(t.after == agents.STUB, t.before == agents.STUB)
        if c.api != 'chat':
            c.turns.insert(len(c.turns) - 1, None)
            n += len(references(aligned(c)[0])) < whole
    assert n > 10 and dropped > 100, (n, dropped)


def shown(c):
    """How many references a conversation has, as it is by default."""
    return len(references(aligned(c)[0]))


def big(api, seed=1):
    """A conversation that has references for sure."""
    agent = {'messages': agents.Claude, 'chat': agents.Pi,
             'responses': agents.Codex}[api]
    while True:
        c = Conversation(seed, agent, api, turns=14)
        if shown(c) > 2:
            return c
        seed += 1


OFF = {
    'messages': [{'context_management': {'edits': [{'type': t}]}} for t in (
        'clear_tool_uses_20250919', 'compact_20260112', 'new')] + [
            {'context_management': {'edits': [
                {'type': 'clear_thinking_20251015'},
                {'type': 'clear_tool_uses_20250919', 'keep': {
                    'type': 'tool_uses', 'value': 3}}]}}],
    'chat': [],
    'responses': [{'truncation': 'auto'}, {'conversation': 'conv_1'},
                  {'conversation': {'id': 'conv_1'}},
                  {'previous_response_id': 'resp_1'},
                  {'context_management': [{'type': 'compaction',
                                           'compact_threshold': 1000}]}]}
ON = {
    'messages': [{'context_management': None},
                 {'context_management': {'edits': []}},
                 {'context_management': {'edits': [
                     {'type': 'clear_thinking_20251015', 'keep': 'all'}]}}],
    'chat': [{'truncation': 'auto'}],
    'responses': [{'truncation': 'disabled'}, {'truncation': None},
                  {'previous_response_id': None}, {'conversation': None}]}


def not_where_the_server_may_drop():
    for api in APIS:
        c = big(api)
        for how in OFF[api]:
            same_bytes(align(c.body(**how)), c.body(**how), str(how))
        want = references(aligned(c)[0])
        for how in ON[api]:
            equal(references(aligned(c, **how)[0]), want, str(how))
        # A null is what is not there.
        null = c.body()[:-1] + b',"previous_response_id":null,' \
            b'"truncation":null}'
        assert align(null) != null


def not_without_tools():
    for api in APIS:
        c = big(api)
        for tools in ([], None):
            same_bytes(align(c.body(tools=tools)), c.body(tools=tools), api)


LINES = ['    value_%d = compute(%d, "%s")' % (i, i * 7919 % 10007, 'xy' * (
    i % 5)) for i in range(400)]


def made_of(api, turns):
    """A conversation of Pi's tools with these turns."""
    c = Conversation(1, agents.Pi, api, turns=1)
    c.turns, c.filler, c.listed = turns, 'word ' * 6000, False
    return c


def read(a=0, b=200, path='/w/a.py', **how):
    return Made('read', dict({'path': path}, **how), '\n'.join(LINES[a:b]))


def run(command, a=0, b=200, error=False):
    return Made('bash', {'command': command}, '\n'.join(LINES[a:b]), error)


def changed(c, **how):
    return [t.changed for t in aligned(c, **how)[0]]


def what_was_fetched_is_whole():
    for api in APIS:
        turns = [[read()], [run('hr-ccr get 482913305718264903815')],
                 [run('cd /w && hr-ccr get 1 | head -300')],
                 [Made('hr_retrieve', {'id': '1'}, '\n'.join(LINES[:200]))],
                 [run('cat a.py')]]
        equal(changed(made_of(api, turns)), [False] * 4 + [True], api)


def short_errors_are_whole():
    turns = [[read()], [run('make', 0, 40, True)], [run('ls', 0, 40)],
             [read(a=200, b=300)], [run('make y', 0, 200, True)]]
    assert len('\n'.join(LINES[:40])) < 2048
    equal(changed(made_of('messages', turns)),
          [False, False, True, False, True])


def reminders_are_whole():
    """They are neither replaced nor pointed to."""
    note = agents.REMINDER % '\n'.join(LINES[200:300])
    for api in APIS:
        turns = [[Made('read', {'path': 'a%d' % i}, '\n'.join(
            LINES[:50]) + '\n' + note + '\n' + '\n'.join(LINES[50:90]))]
            for i in range(2)] + [[run('make', 200, 300)]]
        texts = aligned(made_of(api, turns))[0]
        equal([len(references([t])) for t in texts], [0, 2, 0], api)
        assert note in texts[1].after


def an_unknown_call_is_let_be():
    for api in APIS:
        c = made_of(api, [[read()], [read(b=190)]])
        body = c.body()
        assert align(body) != body
        o = json.loads(body)
        items = o['input' if api == 'responses' else 'messages']
        del items[[i for i, x in enumerate(items) if b'190' not in
                   json.dumps(x).encode() and is_call(x)][-1]]
        body = json.dumps(o).encode()
        same_bytes(align(body), body, api)


def is_call(x):
    return x.get('type') == 'function_call' or x.get('role') == 'assistant'


def who_asks_again_is_answered():
    """Once; who asks on and on is told where it stands."""
    for api in APIS:
        turns = [[read()]] + [[read()] for _ in range(4)]
        equal(changed(made_of(api, turns)),
              [False, True, False, True, True], api)
        # By another tool, or a part of it.
        turns = [[read()], [read()], [run("sed -n '1,150p' a.py", 0, 150)]]
        equal(changed(made_of(api, turns)), [False, True, False], api)
        # Not what was shown then.
        turns = [[read()], [read()], [read(path='/w/b.py', a=200, b=390)],
                 [read()]]
        equal(changed(made_of(api, turns)), [False, True, False, True], api)
        # Not what an edit shows.
        turns = [[read()], [read()],
                 [Made('edit', {'path': '/w/a.py', 'oldText': 'x',
                                'newText': 'y'}, '\n'.join(LINES[:200]))]]
        equal(changed(made_of(api, turns)), [False, True, True], api)


def the_words_are_these():
    """The wordings, by example."""
    whole = '\n'.join(LINES[:100])
    numbered = '\n'.join('%6d\t%s' % (i + 1, s)
                         for i, s in enumerate(LINES[:100]))
    shifted = '\n'.join('%d: %s' % (i + 5, s)
                        for i, s in enumerate(LINES[:100]))
    cases = (
        (numbered, numbered, '[hr: lines 1-100 as in the X above]'),
        (numbered, shifted,
         '[hr: lines 6-104 as lines 2-100 in the X above]'),
        (numbered, whole, '[hr: 100 lines as lines 1-100 in the X above]'),
        (whole, shifted + '\nend', '[hr: lines 6-104 as all behind that '
         'line in the X above]'),
        (whole, whole, '[hr: 100 lines as all of the X above]'),
        (whole, 'new\n' + whole, '[hr: 100 lines as all of the X above]'),
        (whole + '\nend', whole + '\nnew', '[hr: 99 lines as all before the '
         'next line in the X above]'),
        ('new\n' + whole, whole, '[hr: 99 lines as all behind that line in '
         'the X above]'),
        ('a\n' + whole + '\nb', whole, '[hr: 98 lines as between these two '
         'lines in the X above]'))
    for api in APIS:
        for first, second, want in cases:
            c = made_of(api, [
                [Made('read', {'path': '/w/a.py'}, first)],
                [Made('bash', {'command': 'make'}, second)]])
            equal(references(aligned(c)[0]),
                  [want.replace('X', 'read of /w/a.py')], api)


def named(c):
    """The places that references name."""
    found = [refs.REFERENCE.fullmatch(x) for x in references(aligned(c)[0])]
    return [(m['nth'] + m['th'] + ' ' if m['nth'] else '') + m['name']
            for m in found]


def names_are_these():
    new = 'y\n' * 3 + '\n'.join(LINES[:50])
    calls = (
        (read(), 'read of /w/a.py'),
        (read(path='b c/\u00fc.py'), 'read of b c/\u00fc.py'),
        (run('cat a.py'), 'output of `cat a.py`'),
        (run('cat a.py\necho'), 'output of `cat a.py...`'),
        (run('x' * 61), 'output of `%s...`' % ('x' * 60)),
        (run('x' * 60), 'output of `%s`' % ('x' * 60)),
        (run('x' * 59 + '\u00fcb'), 'output of `%s...`' % ('x' * 59)),
        (Made('edit', {'path': '/w/a.py', 'newText': new}, 'ok'),
         'edit of /w/a.py'),
        (Made('edit', {'path': '/w/a.py', 'oldText': 'x'}, new),
         'result of the edit of /w/a.py'),
        (Made('grep', {'pattern': 'x y'}, new), 'grep of x y'),
        (Made('mcp__x__query', {'sql': new}, 'ok'),
         'input of the mcp__x__query of y...'),
        (Made('list', {'n': 1}, new), 'list of 1'),
        (Made('list', {'all': True}, new), 'list'),
        (run('cat <<EOF\n%s\nEOF' % new, 300, 301),
         'input of `cat <<EOF...`'))
    for api in APIS:
        for made, name in calls:
            c = made_of(api, [[made], [run('make', 3, 45)]])
            equal(named(c), [name], api)


def paths_are_as_long_as_needed():
    def name(*paths):
        turns = [[read(i * 50, i * 50 + 50, p)]
                 for i, p in enumerate(paths)]
        return named(made_of('chat', turns + [[run('make', 0, 45)]]))[0]
    equal(name('/w/src/a.c', '/w/src/b.c'), 'read of .../a.c')
    equal(name('/home/x/src/a.c', '/home/x/lib/a.c'),
          'read of .../src/a.c')
    equal(name('/w/src/a.c', '/v/src/a.c'), 'read of /w/src/a.c')
    equal(name('/w/src/a.c', 'a.c'), 'read of .../a.c')
    equal(name('a.c', '/w/src/a.c'), 'read of a.c')
    equal(name('/w/src/a.c', '/w/src/xa.c'), 'read of .../a.c')
    equal(name('/w/src/a.c', '/w/src/a.c'), '1st read of .../a.c')
    equal(name('a.c', 'b.c', 'c.c'), 'read of a.c')


def each_call_counts():
    """Also one whose input is too short to be referred to."""
    def edit(new):
        return Made('edit', {'path': '/w/a.py', 'oldText': 'x',
                             'newText': new}, 'ok')
    new = '\n'.join(LINES[:50])
    turns = [[edit('y')], [edit(new)], [edit('z\n')], [run('make', 0, 50)]]
    for api in APIS:
        equal(references(aligned(made_of(api, turns))[0]),
              ['[hr: 50 lines as all of the 2nd edit of /w/a.py above]'])
    # The 11th, 12th, 13th and 21st.
    for n, word in ((11, '11th'), (12, '12th'), (13, '13th'), (21, '21st'),
                    (22, '22nd'), (23, '23rd')):
        turns = [[edit('y')]] * (n - 1) + [[edit(new)], [edit('z')],
                                           [run('make', 0, 50)]]
        equal(references(aligned(made_of('chat', turns))[0]),
              ['[hr: 50 lines as all of the %s edit of /w/a.py above]' %
               word])


def two_lines_that_tell_nothing():
    """They stand in another place too, with other lines between them."""
    def between(a, b):
        return LINES[260:268] + LINES[a:b] + LINES[270:278]
    one, two, far = between(0, 30), between(100, 130), between(200, 250)
    near = ['from here on'] + LINES[0:30] + ['up to here']
    other = ['from here on'] + LINES[100:130] + ['up to here']
    twice = 'x\n%s\ny\n%s\nz'
    for api in APIS:
        # Lines further in may tell it.
        c = made_of(api, [
            [Made('read', {'path': 'a'}, twice % (
                '\n'.join(near), '\n'.join(other)))],
            [Made('bash', {'command': 'make'},
                  'a\n%s\nb' % '\n'.join(near))]])
        equal(len(references(aligned(c)[0])), 1, api)
    cases = [(twice % ('\n'.join(one), '\n'.join(x)), n)
             for x, n in ((two, 0), (one, 1), (far, 0))]
    for api in APIS:
        for first, n in cases:
            c = made_of(api, [[Made('read', {'path': 'a'}, first)],
                              [Made('bash', {'command': 'make'},
                                    'a\n%s\nb' % '\n'.join(one))]])
            equal(len(references(aligned(c)[0])), n, api)
            # In another text of the same result.
            c = made_of(api, [[Made('grep', {'pattern': 'a'},
                                    first.split('\ny\n'))],
                              [Made('bash', {'command': 'make'},
                                    'a\n%s\nb' % '\n'.join(one))]])
            equal(len(references(aligned(c)[0])), n, api)


def numbers_in_two_texts_tell_nothing():
    """A result of two texts, both numbered from 1."""
    texts = ['\n'.join('%d\t%s' % (i + 1, s) for i, s in enumerate(
        LINES[a:a + 60])) for a in (0, 100)]
    for api in APIS:
        c = made_of(api, [[Made('grep', {'pattern': 'x'}, texts)],
                          [run('make', 100, 160)]])
        aligned(c)


def numbers_before_are_of_another_style():
    """The line before shows how numbers look, if it has one."""
    some = ['%d\t%s' % (i + 20, s) for i, s in enumerate(LINES[:60])]
    for before in ('19: other', '19:other', '19| other', '3:1 error',
                   ' 19\tother', 'no number'):
        c = made_of('chat', [
            [Made('read', {'path': 'a.py'}, '\n'.join(some))],
            [Made('bash', {'command': 'make'}, '\n'.join([before] + some))]])
        aligned(c)


def a_file_beyond_all_limits():
    """Longer texts and more lines than are looked at."""
    rng = random.Random(1)
    lines = ['%d %x' % (i, rng.getrandbits(60)) for i in range(120000)]
    texts = ['\n'.join(lines[a:a + n]) for a, n in (
        (0, 20000), (5000, 18000), (20000, 16000), (40000, 30000),
        (60000, 40000), (0, 20000), (100000, 20000), (100000, 20000),
        (30000, 9000))]
    for api in APIS:
        c = made_of(api, [[Made('bash', {'command': 'log %d' % i}, t)]
                          for i, t in enumerate(texts)])
        assert references(aligned(c)[0]), api
