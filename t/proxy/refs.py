"""refs.py - a reader of references, who has the forwarded body alone

    r = Reader(body, api)
    r.texts         # {path: text}: what tools returned, rebuilt
    r.seen          # Counter of the wordings that were followed

He knows the wording of lib/refs.h and nothing of how it is made.  A text's
place above is looked up by the name that its call has, as he sees it; its
lines are taken as they are sent.  What is not told by a reference, or told
in two ways, is an AssertionError.  Paths of texts are those of spans.py.
"""
import json
import re
from collections import Counter, namedtuple

import spans

REFERENCE = re.compile(
    r'\[hr: (?:lines (?P<c>[0-9]+)-(?P<d>[0-9]+)|(?P<n>[0-9]+) lines?) as '
    r'(?:(?P<where>between these two lines in|all behind that line in|'
    r'all before the next line in|all of) the |'
    r'lines (?P<a>[0-9]+)-(?P<b>[0-9]+) in the |(?P<same>in the ))'
    r'(?:(?P<nth>[0-9]+)(?P<th>st|nd|rd|th) )?(?P<name>.+) above\]')
PRINTED = re.compile('( *)([1-9][0-9]{0,7})(\t|\u2192|:|\\|)(.*)', re.S)

PATHS = ('file_path', 'filePath', 'path')
COMMANDS = ('command', 'cmd', 'script', 'input')
READERS = ('read', 'read_file', 'view')
EDITORS = ('edit', 'multiedit', 'write', 'apply_patch', 'str_replace_editor')
SHELLS = ('bash', 'shell', 'execute_bash', 'exec_command', 'local_shell_call')
PART = 60               # bytes of a command or an argument in a name


# What calls and results are called.

Name = namedtuple('Name', 'text cut')   # a path begins at cut, or None


def part(s):
    """The first line, or as much of it as fits."""
    s = s.strip(' \t\r\n')
    first = s.split('\n')[0].encode('utf-8')
    out = first[:PART].decode('utf-8', 'ignore')
    return out.strip('\t\r') + ('...' if len(out) < len(s) else '')


def string_of(args, keys):
    for k in keys:
        v = args.get(k)
        if isinstance(v, list) and v:
            v = v[-1]
        if isinstance(v, str):
            return v
    return None


def patched(s):
    m = re.search(r'^\*\*\* (?:Update|Add) File: (.*)$', s, re.M)
    return m.group(1).strip() if m else None


def with_argument(head, args):
    path = string_of(args, PATHS) if isinstance(args, dict) else \
        patched(args)
    if path is not None:
        return Name('%s of %s' % (head, path), len(head) + 4)
    plain = [] if isinstance(args, str) else \
        [v for v in args.values()
         if isinstance(v, (str, int)) and not isinstance(v, bool)]
    if plain:
        head += ' of ' + part(str(plain[0]))
    return Name(head, None)


def names(tool, args):
    """Of the result and of the input of a call."""
    low = tool.lower()
    if low in SHELLS:
        s = args if isinstance(args, str) else string_of(args, COMMANDS)
        return (Name('output of `%s`' % part(s), None),
                Name('input of `%s`' % part(s), None))
    verb = args.get('command') if isinstance(args, dict) and \
        string_of(args, PATHS) is not None else None
    edits = low in EDITORS and verb != 'view'
    head = tool + (' ' + verb if verb else '')
    return (with_argument('result of the ' * edits + head, args),
            with_argument('input of the ' * (not edits) + head, args))


def strings_in(v):
    """All strings that a call's input shows but what it takes away."""
    if isinstance(v, str):
        yield v
    elif isinstance(v, list):
        for x in v:
            yield from strings_in(x)
    elif isinstance(v, dict):
        for k, x in v.items():
            if not k.startswith('old') or not isinstance(x, str):
                yield from strings_in(x)


# The body from top to bottom.

Call = namedtuple('Call', 'id tool args')
Result = namedtuple('Result', 'id texts')       # [(path, text)]
Gone = namedtuple('Gone', '')                   # all that stood before


def opened(args):
    """Arguments, which may stand as JSON in a string."""
    if isinstance(args, str) and args.startswith('{'):
        return json.loads(args)
    return args


def texts_of(content, path):
    if isinstance(content, str):
        return [(path, content)]
    return [(path + (i,), c['text']) for i, c in enumerate(content or [])
            if isinstance(c.get('text'), str)]


def steps(o, api):
    if api == 'messages':
        yield from messages(o['messages'])
    elif api == 'chat':
        yield from chat(o['messages'])
    else:
        yield from responses(o['input'])


def messages(ms):
    for i, m in enumerate(ms):
        if isinstance(m['content'], str):
            continue
        for k, b in enumerate(m['content']):
            if b['type'] == 'compaction':
                yield Gone()
            elif b['type'] == 'tool_use':
                yield Call(b['id'], b['name'], b['input'])
            elif b['type'] == 'tool_result':
                yield Result(b['tool_use_id'],
                             texts_of(b.get('content'), (i, k)))


def chat(ms):
    for i, m in enumerate(ms):
        for c in m.get('tool_calls') or []:
            f = c.get('function') or c['custom']
            yield Call(c['id'], f['name'], opened(
                f.get('arguments', f.get('input'))))
        if m['role'] == 'tool':
            yield Result(m['tool_call_id'], texts_of(m['content'], (i,)))


def responses(items):
    for i, x in enumerate(items):
        kind = x.get('type')
        if kind in ('compaction', 'compaction_summary'):
            yield Gone()
        elif kind == 'local_shell_call':
            yield Call(x['call_id'], kind, x['action'])
        elif kind in ('function_call', 'custom_tool_call'):
            yield Call(x['call_id'], x['name'], opened(
                x.get('arguments', x.get('input'))))
        elif kind in spans.OUTPUTS:
            yield Result(x['call_id'], texts_of(x['output'], (i,)))


def printed_part(text):
    """What a command printed, behind lines or in JSON about it."""
    found = spans.inner(text)
    if found is not None:
        return spans.decode(*found)
    if re.match('Chunk ID: |Exit code: |Wall time: ', text):
        _, mark, out = text.partition('\nOutput:\n')
        return out if mark else text
    return text


# Lines with printed numbers.

Style = namedtuple('Style', 'sep width blank')


class Line:
    """A line as printed: number, separator and what stands behind it."""

    def __init__(self, text):
        m = PRINTED.match(text)
        self.number = self.sep = None
        self.rest = text
        if m:
            blanks, digits, self.sep, self.rest = m.groups()
            self.number = int(digits)
            self.digits = len(digits)
            self.width = len(blanks + digits) if blanks else 0


def style_like(line, lines):
    """That of a numbered line, where the others of its text help."""
    mine = [x for x in map(Line, lines) if x.number is not None and
            x.sep == line.sep]
    # Without blanks it may be as wide as it is filled elsewhere.
    width = max([0] + [x.width for x in mine if x.width <= line.digits])
    blank = line.sep in ':|' and all(x.rest[:1] == ' ' for x in mine)
    return Style(line.sep, line.width or width, blank)


def content(line, lines):
    """A numbered line without its number."""
    return line.rest[style_like(line, lines).blank:]


def printed(number, text, style):
    return '%*d%s%s%s' % (style.width, number, style.sep,
                          ' ' * style.blank, text)


class Place:
    """A result or an input above, by the lines that it shows."""

    def __init__(self, name, texts, kind):
        self.name, self.kind = name, kind
        self.texts, self.lines = [], []
        for t in texts:
            self.add(t)

    def add(self, text):
        self.texts.append(text.split('\n'))
        self.lines.append(None)

    def is_called(self, said):
        full, cut = self.name
        if said == full:
            return True
        return cut is not None and said[:cut] == full[:cut] and \
            said[cut:cut + 4] == '.../' and \
            full[cut:].endswith(said[cut + 3:])

    def numbered(self, a, b):
        """Lines a to b by their numbers.

        ({contents}, their style, the content of the line before)
        """
        found, style, above = set(), None, None
        for k, text in enumerate(self.texts):
            lines = self.lines[k] = self.lines[k] or [Line(s) for s in text]
            for i, first in enumerate(lines):
                got = lines[i:i + b - a + 1]
                if first.number == a and [(x.number, x.sep) for x in got] \
                        == [(n, first.sep) for n in range(a, b + 1)]:
                    style = style_like(first, text)
                    found.add(tuple(x.rest[style.blank:] for x in got))
                    above = lines[i - 1].rest[style.blank:] if i else None
        return found, style, above

    def next_to(self, where, near):
        """What stands between, behind or before the lines next to it.

        Between is from where the first stands to the next like the second:
        nobody counts.
        """
        if where[0] == 'between':
            return [t[i + 1:t.index(near[1], i + 1)] for t in self.texts
                    for i, s in enumerate(t)
                    if s == near[0] and near[1] in t[i + 1:]]
        if where[1] == 'behind':
            return [t[i + 1:] for t in self.texts
                    for i, s in enumerate(t) if s == near[0]]
        return [t[:i] for t in self.texts
                for i, s in enumerate(t) if s == near[-1]]


def only(found, what):
    found = list(found)
    assert len(found) == 1, '%s: %d are meant: %.600r' % (
        what, len(found), found)
    return list(found[0])


def to_end(lines, n):
    """Behind the last newline is no line."""
    return lines[:-1] if len(lines) == n + 1 and lines[-1] == '' else lines


def nth(n):
    if n % 100 in (11, 12, 13):
        return 'th'
    return {1: 'st', 2: 'nd', 3: 'rd'}.get(n % 10, 'th')


class Reader:
    def __init__(self, body, api):
        self.places, self.texts, self.seen = [], {}, Counter()
        self.saved = {}         # path: lines that were referred to
        calls = {}
        o = json.loads(body.decode('utf-8', 'surrogatepass'))
        for s in steps(o, api):
            if isinstance(s, Gone):
                self.places = []
            elif isinstance(s, Call):
                calls[s.id] = s
                self.places.append(Place(names(s.tool, s.args)[1],
                                         strings_in(s.args), 'input'))
            else:
                self.result(s, calls.get(s.id))

    def result(self, s, call):
        place = None
        for path, text in s.texts:
            inner = spans.inner(text)
            text = spans.decode(*inner) if inner else text
            self.texts[path] = self.rebuilt(text, path)
            shown = printed_part(text)
            if self.saved[path]:
                self.seen['in JSON'] += inner is not None
                self.seen['behind Output:'] += shown != text
            # The texts before it in the same result are above it too.
            if call and place is None:
                place = Place(names(call.tool, call.args)[0], [], 'result')
                self.places.append(place)
            if call:
                place.add(shown)

    def rebuilt(self, text, path):
        lines, out = text.split('\n'), []
        self.saved[path] = 0
        for i, line in enumerate(lines):
            m = REFERENCE.fullmatch(line)
            place = self.find(m) if m else None
            if place is None:
                out.append(line)
                continue
            got = self.follow(m, place, out, lines[i + 1:])
            self.saved[path] += len(got)
            out += got
        return '\n'.join(out)

    def find(self, m):
        """The place that is named; None: there is no such name."""
        found = [p for p in self.places if p.is_called(m['name'])]
        full = {p.name.text for p in found}
        if not full:
            return None
        only(full, m.group())
        if len(found) == 1:
            assert m['nth'] is None, 'there is one: ' + m.group()
            place = found[0]
        else:
            assert m['nth'], '%s: which of %d' % (m.group(), len(found))
            n = int(m['nth'])
            assert m['th'] == nth(n) and 0 < n <= len(found), m.group()
            place = found[n - 1]
            self.seen['ordinal'] += 1
        self.seen['shortened'] += m['name'] != place.name.text
        self.seen['whole path'] += place.name.cut is not None and \
            m['name'] == place.name.text
        self.seen[place.kind] += 1
        self.seen[place.name.text.split(' of ')[0]] += 1
        return place

    def follow(self, m, place, before, after):
        """The lines that it stands for, as this text has them."""
        lines = before + after
        n = int(m['n'] or int(m['d']) - int(m['c']) + 1)
        near = before[-1:] + after[:1]
        if m['where']:
            got, blank = self.by_words(m, place, near, lines, n)
            style = None
        else:
            got, style, above = self.by_number(m, place, n)
            blank = not before or above != Line(before[-1]).rest
        assert len(got) == n, '%s: %d lines' % (m.group(), len(got))
        self.count(m)
        if m['c'] is None:
            return got
        style = self.style(before, lines, style, place, blank)
        return [printed(int(m['c']) + i, s, style)
                for i, s in enumerate(got)]

    def count(self, m):
        here = 'numbered' if m['c'] else 'plain'
        self.seen[here, m['where'] or (
            'same' if m['same'] else 'lines')] += 1

    def by_number(self, m, place, n):
        assert m['c'] or not m['same'], m.group()
        a, b = int(m['a'] or m['c']), int(m['b'] or m['d'])
        assert b - a + 1 == n, m.group()
        found, style, above = place.numbered(a, b)
        return only(found, m.group()), style, above

    def by_words(self, m, place, near, lines, n):
        """The lines, and whether a blank belongs to the numbers here.

        Where all lines that are seen begin with one, only the other text
        tells: the line next to it stands there with it, or without.
        """
        found = set()
        where = m['where'].split(' ')
        for blank in (True, False):
            if where[0] == 'all' and where[1] == 'of':
                got = [t for t in place.texts if len(to_end(t, n)) == n]
            else:
                bare = [self.bare(m, s, blank, lines) for s in near]
                got = place.next_to(where, bare)
            found |= {tuple(to_end(t, n)) for t in got}
            if got:
                break
        got = only(found, m.group())
        for s in got:
            assert not s.startswith('[hr: '), m.group() + ' of ' + s
        return got, blank

    def bare(self, m, s, blank, lines):
        """A line next to a reference, without its number."""
        x = Line(s)
        if m['c'] is None or x.number is None:
            return s
        return x.rest[blank and style_like(x, lines).blank:]

    def style(self, before, lines, other, place, blank):
        """Of the line before, or of the other text."""
        last = Line(before[-1]) if before else None
        if last and last.number is not None:
            style = style_like(last, lines)
            return style._replace(blank=style.blank and blank)
        if other is None:
            first = [(x, t) for t in place.texts for x in map(Line, t)
                     if x.number is not None]
            assert first, 'no style of numbers is seen'
            other = style_like(*first[0])
        return other


def is_reference(line):
    return REFERENCE.fullmatch(line) is not None
