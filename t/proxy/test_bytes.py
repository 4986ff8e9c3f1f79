"""test_bytes.py - what must come through byte for byte

T-BYTES, T-SPANS and T-SKEL, for each API; what is never squashed.
"""
import json
import random
import subprocess

import sessions
import spans
from hrtest import (equal, forwarded, ids, new_marks, post, proxy, raw,
                    redeem, same_bytes, send, upstream)
from sessions import APIS, Session, one, records

IMAGE = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk' * 40

# What printers of JSON like to change, as members of an object.
ODD = rb'''"zeta": 1.0,
	"raw":"RAW" ,  "escaped":
"\u00e9 \u6f22\u5b57 \ud83d\ude00 \/ \b\f\n\r\t \" \\ \u0000 \u001f \u2028",
 "lone":"\ud800 \udc00x \ud83d", "n":[ 1e5,1E+5 , -0,-0.0,0.10,
12345678901234567890,
	3.141592653589793238462643383279, 1e400,5e-324 ],
"alpha":null,"empty":[],"none":{ },"":"", "e":[[],[ ],{}],
"dup":1,"dup":2,"dup":{"dup":3,"dup":[]}, "t":true,"f":false,
"cache_control":{"type":"property"}'''.replace(
    b'RAW', '\u00e9 \u6f22\u5b57 \U0001f600'.encode())

MARK = b'"cache_control":{"type":"ephemeral","ttl":"1h"}'

HEAD = {
    'messages': b'''
	{ "stream":false,"model" :"m\\u00f6del", ''' + ODD + b''',
"system":[{"text":"s \xe2\x80\x93","type":"text",''' + MARK + b'''},
{"type":"text","text":"\\u0000",''' + MARK + b''' }],
"tools":[{"name":"Bash","input_schema":{"z":1,"a":{"cache_control":
1}},
''' + MARK + b'''}] , "messages" : [
{"role":"user","content":"\xf0\x9f\x98\x80 \\ud83d\\ude00 \\/ \\ud800"},
{"content":[{"signature":"Eq\\/B+=","type":"thinking","thinking":"h\\u006d"},
{"type":"redacted_thinking","data":"Em\\/w=="},
{"type":"server_tool_use","id":"srv_1","name":"web_search","input":{"q":1.0}},
{"type":"web_search_tool_result","tool_use_id":"srv_1","content":[
{"type":"web_search_result","encrypted_content":"E\\/q="}]},
{"type":"something_new","tool_result":{"content":"x"},"n":1.50},
{"input":{"command":"ls","z":1.0,"a":null},"name":"Bash","id":"t1",
"type":"tool_use"}],"role":"assistant"},
{"role":"user","content":[
{"type":"tool_result","tool_use_id":"t1","content":[
{"type":"image","source":{"type":"base64","media_type":"image\\/png",
"data":"''' + IMAGE.encode() + b'''"}},
{"type":"document","source":{"type":"text","data":"d\\/d"}},
{"type":"tool_reference","tool_name":"x"},
{"type":"text","text":"a\\/b \\ud800"}
]},{"type":"text","text":"x",''' + MARK + b'''}]},
{"role":"system","content":"<total_tokens>9 tokens left</total_tokens>"}
]''',
    'chat': b''' {"model": "m\\u00f6del" ,''' + ODD + b''',
"messages":[ {"role":"developer","content":"\xc3\xa9 \\/"},
{"role":"user","content":[{"type":"text","text":"\\ud800"},
{"type":"image_url","image_url":{"url":"data:image\\/png;base64,'''
            + IMAGE.encode() + b'''"}}]},
{"role":"assistant","content":null,"reasoning_content":"r\\/r","audio":null,
"tool_calls":[{"id":"c1","type":"function",
"function":{"name":"bash",
"arguments":"{\\"command\\": \\"ls\\", \\"n\\":1.0}"}},
{"id":"c2","type":"custom","custom":{"name":"x","input":"\\u0000"}}]},
{"tool_call_id":"c1","content":"a\\/b \\ud800","role":"tool"},
{"role":"tool","tool_call_id":"c2","content":[{"type":"text","text":""}]},
{"role":"something_new","content":{"x":[1.0]}} ],
"tools":[{"type":"function","function":{"name":"bash","parameters":{"z":1,
"a":1.0}}}]''',
    'responses': b'''{"model": "m\\u00f6del" ,''' + ODD + b''',
"instructions":"\xe6\xbc\xa2 \\/","input":[
{"type":"message","role":"user","content":[{"type":"input_text",
"text":"\\ud800 \\/"},{"type":"input_image","image_url":
"data:image\\/png;base64,''' + IMAGE.encode() + b'''"}]},
{"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"gA\\/A=="},
{"type":"compaction","encrypted_content":"gB\\/A=="},
{"type":"item_reference","id":"msg_9"},
{"type":"function_call","name":"shell","call_id":"c1",
"arguments":"{\\"command\\":[\\"ls\\"],\\"n\\":1.0}"},
{"type":"function_call_output","call_id":"c1","output":
"{\\"output\\":\\"a\\\\/b \\\\ud800\\",\\"metadata\\":{\\"exit_code\\":0.0}}"},
{"type":"something_new","output":"x\\/y","n":1.0},
{"type":"custom_tool_call_output","call_id":"c2","output":[]} ],
"tools":[{"type":"function","name":"shell","parameters":{"z":1,"a":1.0}},
{"type":"web_search"}]''',
}


def odd_body(api):
    return HEAD[api] + b' }\r\n\t '


def odd_bodies_pass():
    up = upstream()
    for args in [], ['--level', 'tight'], ['--off']:
        p = proxy(up, *args)
        for api in APIS:
            body = odd_body(api)
            same_bytes(forwarded(p, up, api, body), body, api)
        p.stop()


def off_is_a_byte_pump():
    up = upstream()
    p = proxy(up, '--off')
    for api in APIS:
        s = Session(api, turns=10)
        for turn in 1, 5, 10:
            body = s.body(turn)
            same_bytes(forwarded(p, up, api, body), body, api)


def what_is_no_request_passes():
    """Bad JSON, other JSON, nothing at all: upstream is to judge it."""
    up = upstream()
    p = proxy(up)
    good = one('messages')
    for api in APIS:
        for body in (b'', b'{', b'[]', b'null', b'"x"', b'{}', b'\xff\xfe',
                     good[:-1], good + b'x', b'\xef\xbb\xbf' + good,
                     good.replace(b'"messages"', b'"messages":1,"x"'),
                     b'{"messages":' + b'[' * 5000 + b']' * 5000 + b'}',
                     b'{"messages":[1,null,{"role":1,"content":[[]]}]}',
                     b'{"input":[1,null,{"type":1,"output":{}}]}',
                     b'{"messages":{},"input":{}}'):
            same_bytes(forwarded(p, up, api, body), body, api)


def spans_of_sessions():
    """Only texts of tools differ, and some do, at every turn."""
    up = upstream()
    p = proxy(up)
    for api in APIS:
        s = Session(api, turns=20, seed=3)
        for turn in range(1, 21):
            body = s.body(turn)
            texts = spans.compare(body, forwarded(p, up, api, body), api)
            changed = sum(t.changed for t in texts)
            if changed < (turn + 1) // 2:
                raise AssertionError('%s turn %d: only %d of %d texts' % (
                    api, turn, changed, len(texts)))


def odd_neighbours_stay():
    """A text is squashed amid all that printers of JSON would change."""
    up = upstream()
    p = proxy(up)
    for api in APIS:
        text = json.dumps(records(random.Random(5)), ensure_ascii=True)
        text = text.replace('web-', 'web\\u002d').encode()
        call, result = {
            'messages': (b'{"role":"assistant","content":[{"type":"tool_use",'
                         b'"id":"t9","name":"mcp__x__y","input":{"q":1.0}}]}',
                         b'{"role":"user","content":[{"content": %s ,\n'
                         b'"type":"tool_result", "tool_use_id":"t9",'
                         + MARK + b'}]}'),
            'chat': (b'{"role":"assistant","tool_calls":[{"id":"t9","type":'
                     b'"function","function":{"name":"y","arguments":"{}"}}]'
                     b',"content":""}',
                     b'{"content": %s\t,"role":"tool","tool_call_id":"t9"}'),
            'responses': (b'{"type":"function_call","name":"y","call_id":'
                          b'"t9","arguments":"{}"}',
                          b'{"output": %s\t,"call_id":"t9","type":'
                          b'"function_call_output"}')}[api]
        list_end = {'messages': b'\n]', 'chat': b'} ],\n"tools"',
                    'responses': b'} ],\n"tools"'}[api]
        body = odd_body(api)
        at = body.rindex(list_end) + (list_end[:1] == b'}')
        body = (body[:at] + b',' + call + b' ,\n' + result % text
                + body[at:])
        spans.parse(body)
        texts = spans.compare(body, forwarded(p, up, api, body), api)
        equal([t.changed for t in texts][-1], True, api + ' squashed')
        equal(sum(t.changed for t in texts), 1, api)


def skeleton_stays():
    up = upstream()
    p = proxy(up)
    for api in APIS:
        s = Session(api, turns=20, seed=4)
        for turn in 7, 20:
            for listed in False, True:
                body = s.body(turn, listed=listed)
                out = forwarded(p, up, api, body)
                equal(spans.skeleton(out, api), spans.skeleton(body, api),
                      api)
                for t in spans.compare(body, out, api):
                    assert t.after, 'an empty text at %s' % (t.path,)


# Texts that stay though they are JSON and long.

def unchanged(p, up, api, body, why):
    same_bytes(forwarded(p, up, api, body), body, '%s: %s' % (api, why))


def is_squashed(p, up, api, body, why):
    texts = spans.compare(body, forwarded(p, up, api, body), api)
    equal(any(t.changed for t in texts), True, '%s: %s' % (api, why))


READS = ['cat /w/pods.json', "sed -n '1,400p' pods.json",
         'head -n 500 pods.json', 'tail -500 pods.json', 'nl -ba pods.json',
         'cd /w && cat pods.json', "bash -lc 'cat pods.json'",
         'LC_ALL=C sudo head pods.json', 'ls; cat a.json b.json']
RUNS = ['kubectl get pods -o json', 'curl -s http://x/pods',
        'cd /w && docker inspect x', "bash -lc 'gh api repos/x/y/issues'",
        'concatenate pods.json', 'A=cat kubectl get pods']


def reads_stay():
    up = upstream()
    p = proxy(up, '--level', 'tight')
    for api in APIS:
        unchanged(p, up, api, one(api, 'read', '/w/a.json'), 'read')
        for command in READS:
            unchanged(p, up, api, one(api, 'shell', command), command)
        for command in RUNS:
            is_squashed(p, up, api, one(api, 'shell', command), command)


def numbered_reads_stay():
    up = upstream()
    p = proxy(up)
    text = sessions.numbered(records(random.Random(1)))
    for api in APIS:
        unchanged(p, up, api, one(api, 'read', '/w/a.json', text), 'read')


def fetched_texts_stay():
    up = upstream()
    p = proxy(up, '--level', 'tight')
    for api in APIS:
        for command in ('hr-ccr get 196229320983456564845',
                        'cd /w; hr-ccr get --lines 1-999 '
                        '196229320983456564845',
                        'hr-ccr get 196229320983456564845 | grep Running'):
            unchanged(p, up, api, one(api, 'shell', command), command)
    s = Session('messages', turns=1, made=[
        ('query', 'x', records(random.Random(1)), False)])
    body = s.body(1).replace(b'mcp__shop__query', b'mcp__hr__hr_retrieve')
    unchanged(p, up, 'messages', body, 'hr_retrieve')


def errors_under_2_kb_stay():
    up = upstream()
    p = proxy(up, '--level', 'tight')
    short = records(random.Random(1), 18)
    assert 1500 < len(short) < 2000, len(short)
    long = records(random.Random(1), 200)
    unchanged(p, up, 'messages', one('messages', result=short, error=True),
              'short error')
    # Of a prompt that is surely cached, some hundred tokens are worth it.
    body = one('messages', result=short).replace(
        b'You are an agent.', b'You are an agent.' + b' Take care.' * 3000)
    is_squashed(p, up, 'messages', body, 'short')
    is_squashed(p, up, 'messages', one('messages', result=long, error=True),
                'long error')


def short_texts_stay():
    up = upstream()
    p = proxy(up, '--level', 'tight')
    for api in APIS:
        text = json.dumps([{'id': i, 'ok': True} for i in range(6)])
        assert 100 < len(text) < 160
        unchanged(p, up, api, one(api, 'query', 'x', text), 'short')


def results_without_their_call_stay():
    """What called for them is not known: it may have been a read."""
    up = upstream()
    p = proxy(up)
    for api in APIS:
        o = json.loads(one(api))
        items = o['input' if api == 'responses' else 'messages']
        items[:] = [m for m in items if m.get('role') != 'assistant' and
                    m.get('type') != 'function_call']
        unchanged(p, up, api, json.dumps(o).encode(), 'no call')


def every_kind_of_output_is_squashed():
    """Of the Responses API, also what a custom tool or a shell printed."""
    up = upstream()
    p = proxy(up)
    run = 'kubectl get pods -o json'
    text = records(random.Random(3))
    part = [{'type': 'input_text', 'text': text}]
    o = json.loads(one('responses', 'query'))
    del o['input'][2:]
    for i, (call, name, out) in enumerate((
            ({'name': 'shop_query', 'arguments': '{"sql":"x"}'}, 'function',
             text),
            ({'name': 'shop_query', 'arguments': '{"sql":"x"}'}, 'function',
             part),
            ({'name': 'shop_query', 'input': 'x'}, 'custom_tool', text),
            ({'name': 'shop_query', 'input': 'x'}, 'custom_tool', part),
            ({'action': {'type': 'exec', 'command': ['bash', '-lc', run],
                         'env': {}}}, 'local_shell', text),
            ({'action': {'commands': [run]}}, 'shell',
             [{'stdout': text, 'stderr': '', 'outcome': {
                 'type': 'exit', 'exit_code': 0}}]))):
        ident = {'call_id': 'c%d' % i}
        o['input'] += [dict(call, type=name + '_call', **ident),
                       dict(ident, type=name + '_call_output', output=out)]
    body = json.dumps(o).encode()
    texts = spans.compare(body, forwarded(p, up, 'responses', body),
                          'responses')
    equal([(t.path[0], t.changed) for t in texts if t.before],
          [(i, True) for i in (3, 5, 7, 9, 11, 13)])


def facts_before_an_output_stay():
    """As Codex puts them before what a command printed."""
    up = upstream()
    p = proxy(up)
    facts = ('Chunk ID: 3d91da\nWall time: 0.0000 seconds\nProcess exited '
             'with code 0\nOriginal token count: 2881\nOutput:\n')
    for api in APIS:
        text = records(random.Random(4))
        body = one(api, 'query', 'x', facts + text)
        t = spans.compare(body, forwarded(p, up, api, body), api)[0]
        equal((t.changed, t.after[:len(facts)]), (True, facts), api)
        equal([redeem(i) for i in ids(t)], [raw(text)], api)


def reminders_stay():
    """What the client put into a result stays; the rest may be squashed."""
    up = upstream()
    p = proxy(up)
    mine = '\n<system-reminder>\n' + records(random.Random(2), 60) + \
        '</system-reminder>\n'
    for api in APIS:
        result = records(random.Random(1)) + mine
        body = one(api, 'query', 'x', result)
        texts = spans.compare(body, forwarded(p, up, api, body), api)
        equal([mine.strip('\n') in t.after for t in texts], [True], api)
    o = json.loads(one('messages'))
    o['messages'][-1]['content'].append({'type': 'text', 'text': mine})
    body = json.dumps(o).encode()
    spans.compare(body, forwarded(p, up, 'messages', body), 'messages')


def requests_without_tools_stay():
    """Titles and summaries: no agent reads them."""
    up = upstream()
    p = proxy(up)
    for api in APIS:
        o = json.loads(one(api))
        o['tools'] = []
        unchanged(p, up, api, json.dumps(o).encode(), 'tools: []')


def counting_is_of_the_original():
    up = upstream()
    p = proxy(up)
    for path in '/v1/messages/count_tokens', '/v1/messages/count_tokens?b=1':
        body = one('messages')
        r = send(p, 'POST', path, sessions.HEADERS['messages'], body)
        equal(r.json(), {'input_tokens': len(body)})
        same_bytes(up.requests[-1].body, body, path)
        equal(up.requests[-1].target, path)


def words_of_others_stay():
    """The user's, the model's, the system's, a tool's arguments."""
    up = upstream()
    p = proxy(up, '--level', 'tight')
    text = records(random.Random(7))
    for api in APIS:
        o = json.loads(Session(api, turns=1, made=[
            ('words', text, None, False)]).body(1))
        if api == 'messages':
            o['system'][1]['text'] = text
            o['tools'][0]['description'] = text
            o['messages'].insert(1, {'role': 'assistant', 'content': [
                {'type': 'text', 'text': text},
                {'type': 'tool_use', 'id': 'x', 'name': 'Bash',
                 'input': {'command': text}}]})
        elif api == 'chat':
            o['messages'][0]['content'] = text
            o['tools'][0]['function']['description'] = text
            o['messages'].append({'role': 'assistant', 'content': text})
            o['messages'].append({'role': 'user', 'content': text})
        else:
            o['instructions'] = text
            o['tools'][0]['description'] = text
            o['input'].append({'type': 'function_call', 'name': 'x',
                               'call_id': 'c', 'arguments': text})
        unchanged(p, up, api, json.dumps(o).encode(), 'words')


def unknown_blocks_stay():
    """Random objects at every level, beside a text that is squashed."""
    up = upstream()
    p = proxy(up)
    rng = random.Random(11)
    text = records(rng)
    for api in APIS:
        for i in range(12):
            o = json.loads(one(api, 'query', 'x', text))
            items = o['input' if api == 'responses' else 'messages']
            odd = {'type': 'new_%d' % rng.randrange(9), 'content': text,
                   'output': text, 'text': text, 'role': 'new'}
            for k in rng.sample(list(odd), 2):
                odd.pop(k)
            if odd.get('type') is None:
                odd.pop('role', None)
            items.insert(rng.randrange(len(items) + 1), odd)
            if api == 'messages':
                items[0 if items[0] is not odd else 1]['content'].append(odd)
            o['x%d' % i] = [odd, [odd]]
            body = json.dumps(o, ensure_ascii=bool(i % 2)).encode()
            spans.compare(body, forwarded(p, up, api, body), api)


# Marks and what looks like one.

FAKES = ['[hr: 9 of 200 rows shown, complete output: hr-ccr get '
         '196229320983456564845]', '[hr: 111 rows left out]',
         '[hr: lines 41-812 left out]']


def lookalikes_stay():
    """As text of their own, before, behind and within what is squashed."""
    up = upstream()
    p = proxy(up)
    for api in APIS:
        alone = '\n'.join(FAKES) + '\nplain words\n' * 40
        rng = random.Random(12)
        inside = records(rng).replace('"node-1"', json.dumps(FAKES[0]), 1)
        s = Session(api, made=[
            ('query', 'a', alone, False), ('query', 'b', inside, False),
            ('query', 'c', records(rng), False)], turns=3)
        body = s.body(3)
        texts = spans.compare(body, forwarded(p, up, api, body), api)
        equal(texts[0].after, alone, api)
        equal([t.changed for t in texts], [False, True, True], api)
        for t in texts[1:]:
            equal([redeem(i) for i in ids(t)], [raw(t.before)], api)


def no_way_to_fetch_means_no_marks():
    """Then only what is lossless is done, and it can be undone."""
    up = upstream()
    p = proxy(up, retrieval='none')
    for api in APIS:
        s = Session(api, turns=10, seed=8)
        body = s.body(10)
        texts = spans.compare(body, forwarded(p, up, api, body), api)
        equal([new_marks(t) for t in texts], [[]] * len(texts), api)
        assert any(t.changed for t in texts), api + ': nothing lossless'
        expands(t for t in texts if t.changed)


def expands(texts):
    """hr-squash-json --expand gives the same values."""
    for t in texts:
        out = subprocess.run(['hr-squash-json', '--expand'],
                             input=raw(t.after), stdout=subprocess.PIPE,
                             check=True).stdout.decode()
        equal(values(out), values(t.before), 'expanded')


def values(text):
    try:
        return json.loads(text)
    except ValueError:
        return [json.loads(line) for line in text.splitlines() if line]


def retrieval_auto_knows_clients():
    """Marks for agents with a shell; none for a program nobody knows."""
    up = upstream()
    p = proxy(up, retrieval='auto')
    for api in APIS:
        body = one(api)
        texts = spans.compare(body, forwarded(p, up, api, body), api)
        equal([bool(ids(t)) for t in texts], [True], api)
        out = forwarded(p, up, api, one(api, seed=2),
                        [('User-Agent', 'nobody/1.0')])
        texts = spans.compare(one(api, seed=2), out, api)
        equal([bool(new_marks(t)) for t in texts], [False], api)
        equal([t.changed for t in texts], [True], api)


def a_tool_that_fetches_means_marks():
    """hr_retrieve among the tools, whoever the client is."""
    up = upstream()
    p = proxy(up, retrieval='auto')
    for api in APIS:
        o = json.loads(one(api))
        tool = dict(o['tools'][-1])
        if api == 'chat':
            tool['function'] = dict(tool['function'], name='hr_retrieve')
        else:
            tool['name'] = 'mcp__hr__hr_retrieve' if api == 'messages' \
                else 'hr_retrieve'
        for tools, marked in ((o['tools'] + [tool], True),
                              (o['tools'], False)):
            body = json.dumps(dict(o, tools=tools)).encode()
            out = forwarded(p, up, api, body, [('User-Agent', 'nobody/1.0')])
            texts = spans.compare(body, out, api)
            equal([bool(ids(t)) for t in texts], [marked], api)


def levels_differ():
    """exact leaves single texts alone, lossless makes no marks."""
    up = upstream()
    sizes = {}
    for level in 'exact', 'lossless', 'balanced', 'tight':
        p = proxy(up, '--level', level, '--store', 'store.' + level)
        for api in APIS:
            body = one(api)
            texts = spans.compare(body, forwarded(p, up, api, body), api)
            sizes[api, level] = len(texts[0].after)
            equal(bool(ids(texts[0])), level in ('balanced', 'tight'), level)
        p.stop()
    for api in APIS:
        s = [sizes[api, v] for v in ('exact', 'lossless', 'balanced')]
        equal(s[0], len(records(random.Random(1))), 'exact')
        assert s[0] > s[1] > s[2] >= sizes[api, 'tight'], s


def without_a_store_no_marks():
    up = upstream()
    p = proxy(up, '--no-store')
    for api in APIS:
        body = one(api)
        texts = spans.compare(body, forwarded(p, up, api, body), api)
        equal([(t.changed, bool(new_marks(t))) for t in texts],
              [(True, False)], api)


def requests_are_not_answered_from_memory():
    up = upstream()
    p = proxy(up)
    for api in APIS:
        body = one(api)
        first = forwarded(p, up, api, body)
        same_bytes(forwarded(p, up, api, body), first, api)
        same_bytes(post(p, api, body).body, post(p, api, body).body)
    equal(up.arrivals, 4 * len(APIS), 'arrivals')
