"""spans.py - where in a request body the texts are that tools returned

A JSON reader that keeps places and duplicate keys, and does not know the
proxy's: what it finds is what may differ between a request sent and the same
forwarded, and compare() demands that nothing else does.
"""
import json
import re

SPACE = re.compile(rb'[ \t\r\n]*')
TOKEN = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|[-+.0-9eE]+|true|false|'
                   rb'null', re.S)


class Node:
    """kind is one of { [ " or 0 for all else."""

    def __init__(self, kind, start):
        self.kind, self.start, self.end = kind, start, start
        self.items = []             # of [: nodes; of {: (name, node)

    def member(self, name):
        """The last of this name, as readers take it, or None."""
        found = None
        for k, v in self.items if self.kind == '{' else ():
            if k == name:
                found = v
        return found

    def elements(self):
        return self.items if self.kind == '[' else []


def skip(b, at):
    return SPACE.match(b, at).end()


def parse(b):
    node, at = value(b, skip(b, 0))
    assert skip(b, at) == len(b), 'bytes behind the JSON value'
    return node


def value(b, at):
    c = b[at:at + 1]
    if c in b'{[' and c:
        return container(b, at, c.decode())
    m = TOKEN.match(b, at)
    assert m, 'no JSON at byte %d: %r' % (at, b[at:at + 40])
    node = Node('"' if c == b'"' else '0', at)
    node.end = m.end()
    return node, node.end


def container(b, at, kind):
    node = Node(kind, at)
    close = {'{': b'}', '[': b']'}[kind]
    at = skip(b, at + 1)
    while b[at:at + 1] != close:
        if kind == '{':
            key, at = value(b, at)
            at = skip(b, at)
            assert b[at:at + 1] == b':', 'no colon at byte %d' % at
            v, at = value(b, skip(b, at + 1))
            node.items.append((json.loads(b[key.start:key.end]), v))
        else:
            v, at = value(b, at)
            node.items.append(v)
        at = skip(b, at)
        if b[at:at + 1] == b',':
            at = skip(b, at + 1)
    node.end = at + 1
    return node, node.end


def decode(b, node):
    return json.loads(b[node.start:node.end].decode('utf-8', 'surrogatepass'))


def is_word(b, node, *words):
    return node is not None and node.kind == '"' and decode(b, node) in words


def of_content(node, path):
    """A string, or the texts of a list of parts."""
    if node is None:
        return
    if node.kind == '"':
        yield path, node
    for i, part in enumerate(node.elements()):
        text = part.member('text')
        if text is not None and text.kind == '"':
            yield path + (i,), text


OUTPUTS = ('function_call_output', 'custom_tool_call_output',
           'local_shell_call_output', 'apply_patch_call_output')


def tool_texts(b, api):
    """(path, string node) for each, in order."""
    root = parse(b)
    key = 'input' if api == 'responses' else 'messages'
    items = root.member(key)
    for i, m in enumerate(items.elements() if items else []):
        if api == 'messages':
            content = m.member('content')
            for k, block in enumerate(content.elements() if content else []):
                if is_word(b, block.member('type'), 'tool_result'):
                    yield from of_content(block.member('content'), (i, k))
        elif api == 'chat':
            if is_word(b, m.member('role'), 'tool'):
                yield from of_content(m.member('content'), (i,))
        elif is_word(b, m.member('type'), *OUTPUTS):
            yield from of_content(m.member('output'), (i,))
        elif is_word(b, m.member('type'), 'shell_call_output'):
            for k, part in enumerate(m.member('output').elements()):
                for name, v in part.items:
                    if name in ('stdout', 'stderr') and v.kind == '"':
                        yield (i, k, name), v


class Text:
    """One text before and after, decoded, without a wrapper around it."""

    def __init__(self, path, before, after):
        self.path, self.before, self.after = path, before, after
        self.changed = before != after


def inner(text):
    """The span of "output" in a result wrapped as JSON, or None."""
    if not text.startswith('{"'):
        return None
    raw = text.encode('utf-8', 'surrogatepass')
    try:
        root = parse(raw)
    except AssertionError:
        return None
    out = root.member('output')
    if root.member('metadata') is None or out is None or out.kind != '"':
        return None
    return raw, out


def unwrapped(before, after, path):
    was = inner(before)
    if was is None:
        return Text(path, before, after)
    now = inner(after)
    assert now, 'text %s lost its wrapper: %.200r' % (path, after)
    (b, n), (c, k) = was, now
    assert b[:n.start] == c[:k.start] and b[n.end:] == c[k.end:], \
        'the wrapper of text %s changed' % (path,)
    return Text(path, decode(b, n), decode(c, k))


def compare(sent, got, api):
    """Nothing but tools' texts differs; these, as a list of Text."""
    a, b = list(tool_texts(sent, api)), list(tool_texts(got, api))
    assert [p for p, _ in a] == [p for p, _ in b], 'texts came or went'
    out = []
    x = y = 0
    for (path, n), (_, k) in zip(a, b):
        same(sent[x:n.start], got[y:k.start], x)
        out.append(unwrapped(decode(sent, n), decode(got, k), path))
        x, y = n.end, k.end
    same(sent[x:], got[y:], x)
    return out


def same(a, b, offset=0):
    if a == b:
        return
    n = next((i for i, (p, q) in enumerate(zip(a, b)) if p != q),
             min(len(a), len(b)))
    raise AssertionError('bytes differ at %d: %r is %r' % (
        offset + n, a[max(0, n - 30):n + 40], b[max(0, n - 30):n + 40]))


# What a provider's cache sees.

def canonical(body, api):
    """A list of blocks: tools, system, then messages or items."""
    o = json.loads(body.decode('utf-8', 'surrogatepass'))
    if api == 'messages':
        out = [block('tool', t) for t in o.get('tools', [])]
        out += [block('system', s) for s in as_list(o.get('system', []))]
        for m in o['messages']:
            out += [block(m['role'], c) for c in as_list(m['content'])]
        return out
    out = [block('tool', t) for t in o.get('tools', [])]
    out += [block('system', s) for s in as_list(o.get('instructions', []))]
    for m in as_list(o['messages'] if api == 'chat' else o['input']):
        m = dict(m)
        for k in ('content', 'output'):
            if isinstance(m.get(k), (str, list)):
                m[k] = [bare(c) for c in as_list(m[k])]
        out.append(block('item', m))
    return out


def as_list(v):
    return [{'type': 'text', 'text': v}] if isinstance(v, str) else v


def bare(c):
    """A block without its cache mark, its content as a list."""
    if not isinstance(c, dict):
        return c
    c = {k: v for k, v in c.items() if k != 'cache_control'}
    if c.get('type') == 'tool_result' and 'content' in c:
        c['content'] = [bare(x) for x in as_list(c['content'])]
    if c.get('type') == 'input_text':
        c['type'] = 'text'
    return c


def block(kind, c):
    return kind + json.dumps(bare(c), sort_keys=True)


def skeleton(body, api):
    """Everything but the words: types, roles, ids, names and counts."""
    def bones(v):
        if isinstance(v, dict):
            return {k: bones(x) for k, x in v.items()}
        if isinstance(v, list):
            return [bones(x) for x in v]
        return v if not isinstance(v, str) or len(v) < 60 else 'text'
    return bones(json.loads(body.decode('utf-8', 'surrogatepass')))
