#!/usr/bin/env python3
"""upstream.py - a provider for tests: scripted, recording, on loopback

In a test:

    u = Upstream('rec')             # rec/001.head, rec/001.body, ...
    u.plan.append({'status': 429, 'headers': [['retry-after', '7']]})
    ...                             # u.requests, u.arrivals, u.open
    u.close()

or alone, until standard input ends; the ports are printed:

    upstream.py [--dir DIR] [--tls CERT KEY]
    GET http://127.0.0.1:PORT2/__count      {"arrivals": 1, "open": 0}

Each request is kept raw: the head as it came, the body without the framing
of chunks.  It is answered by the next of plan, else by what its header
x-script holds (JSON), else in the words of its API.  An answer is a function
of (request, connection) or a dict of:

    status, reason, headers     headers as [name, value] pairs
    body, json, big             text or bytes; a value; so many made bytes
    encoding                    gzip or deflate: the body is encoded so
    chunked                     framed by chunks, not by a length
    length                      False: neither, the end is the connection's
    drip                        [bytes, seconds]: in pieces, with pauses
    break                       [where, how]: where is "before" (the head),
                                "head" (within it) or "body" (in its middle),
                                how is "close" or "reset"
    raw                         these bytes and nothing else
    close                       close the connection afterwards
"""
import collections
import gzip
import hashlib
import json
import os
import socket
import ssl
import struct
import sys
import threading
import time
import zlib

HEAD_MAX = 1 << 20
PIECE = 1 << 16


def made_bytes(n):
    """n bytes, always the same, that do not compress to nothing."""
    block = b''.join(hashlib.sha256(b'%d' % i).digest() for i in range(2048))
    while n > 0:
        yield block[:n]
        n -= len(block)


def sse(events):
    """Events as bytes each: (name or None, data)."""
    out = []
    for name, data in events:
        if not isinstance(data, str):
            data = json.dumps(data, separators=(',', ':'), ensure_ascii=False)
        text = 'data: %s\n\n' % data
        if name:
            text = 'event: %s\n%s' % (name, text)
        out.append(text.encode('utf-8', 'surrogatepass'))
    return out


class Request:
    def __init__(self, n, head):
        self.n = n
        self.head = head
        self.body = b''
        self.gone = False       # the peer went away during the answer
        lines = head.split(b'\r\n')
        words = lines[0].decode('latin-1').split(' ')
        self.method, self.target = words[0], words[1]
        self.path = self.target.split('?')[0]
        self.headers = []
        for line in lines[1:]:
            if line:
                name, _, value = line.decode('latin-1').partition(':')
                self.headers.append((name, value.strip(' \t')))

    def all(self, name):
        return [v for k, v in self.headers if k.lower() == name]

    def get(self, name, default=''):
        return (self.all(name) or [default])[0]

    def json(self):
        try:
            v = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return v if isinstance(v, dict) else {}


class Connection:
    def __init__(self, sock):
        self.sock = sock
        self.have = b''

    def read(self):
        piece = self.sock.recv(PIECE)
        self.have += piece
        return bool(piece)

    def until(self, end):
        while end not in self.have:
            if len(self.have) > HEAD_MAX or not self.read():
                return None
        line, _, self.have = self.have.partition(end)
        return line + end

    def exactly(self, n):
        out = []
        while n > 0:
            if not self.have and not self.read():
                return None
            out.append(self.have[:n])
            self.have = self.have[n:]
            n -= len(out[-1])
        return b''.join(out)

    def chunks(self):
        out = []
        while True:
            line = self.until(b'\r\n')
            if line is None:
                return None
            n = int(line.split(b';')[0], 16)
            if n == 0:
                break
            piece = self.exactly(n)
            if piece is None or self.exactly(2) is None:
                return None
            out.append(piece)
        while line not in (b'\r\n', None):
            line = self.until(b'\r\n')
        return b''.join(out)

    def send(self, data):
        self.sock.sendall(data)

    def chunk(self, data):
        self.send(b'%x\r\n%s\r\n' % (len(data), data))

    def reset(self):
        raw = self.sock
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                       struct.pack('ii', 1, 0))
        raw.close()

    def peer_left(self, seconds):
        """Wait for the peer to close, so long at most."""
        self.sock.settimeout(seconds)
        try:
            return not self.sock.recv(1)
        except (TimeoutError, ssl.SSLWantReadError):
            return False
        except OSError:
            return True
        finally:
            try:
                self.sock.settimeout(None)
            except OSError:
                pass


class Upstream:
    def __init__(self, folder=None, tls=None):
        self.folder = folder
        if folder:
            os.makedirs(folder, exist_ok=True)
        self.lock = threading.Lock()
        self.plan = collections.deque()
        self.requests = []          # complete ones, in order of arrival
        self.arrivals = 0           # heads seen
        self.connections = 0        # ever
        self.open = 0               # now
        self.secrets = []           # [name, value] in each answer's head
        self.socks = set()
        self.context = None
        if tls:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(*tls)
        self.listener = socket.create_server(('127.0.0.1', 0), backlog=512)
        self.port = self.listener.getsockname()[1]
        self.url = '%s://127.0.0.1:%d' % ('https' if tls else 'http',
                                          self.port)
        threading.Thread(target=self.accept, daemon=True).start()

    def close(self):
        # Closing alone does not wake the thread that accepts.
        try:
            self.listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.listener.close()
        self.drop_connections()

    def drop_connections(self):
        with self.lock:
            socks = list(self.socks)
        for s in socks:
            try:
                s.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def accept(self):
        while True:
            try:
                sock, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.connection, args=(sock,),
                             daemon=True).start()

    def connection(self, sock):
        with self.lock:
            self.connections += 1
            self.open += 1
            self.socks.add(sock)
        plain = sock
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.context:
                sock = self.context.wrap_socket(sock, server_side=True)
            conn = Connection(sock)
            while self.one(conn):
                pass
        except (OSError, ValueError):
            pass
        finally:
            sock.close()
            with self.lock:
                self.open -= 1
                self.socks.discard(plain)

    def one(self, conn):
        """Read a request and answer it; false: the connection is over."""
        head = conn.until(b'\r\n\r\n')
        if head is None:
            return False
        with self.lock:
            self.arrivals += 1
            req = Request(self.arrivals, head)
        if req.get('expect').lower() == '100-continue':
            conn.send(b'HTTP/1.1 100 Continue\r\n\r\n')
        if 'chunked' in req.get('transfer-encoding').lower():
            req.body = conn.chunks()
        else:
            req.body = conn.exactly(int(req.get('content-length', '0')))
        if req.body is None:
            return False
        with self.lock:
            self.requests.append(req)
            answer = self.plan.popleft() if self.plan else None
        self.record(req)
        if answer is None and req.get('x-script'):
            answer = json.loads(req.get('x-script'))
        if answer is None:
            answer = default_answer(req)
        try:
            if callable(answer):
                return answer(req, conn) is not False
            return self.answer(req, conn, answer)
        except OSError:
            req.gone = True
            raise

    def record(self, req):
        if self.folder:
            name = '%s/%03d.' % (self.folder, req.n)
            with open(name + 'body', 'wb') as f:
                f.write(req.body)
            with open(name + 'head', 'wb') as f:
                f.write(req.head)

    def answer(self, req, conn, a):
        where, how = a.get('break', ['', ''])
        if 'raw' in a:
            conn.send(as_bytes(a['raw']))
            return not a.get('close')
        if where == 'before':
            return hang_up(conn, how)
        size, pieces = body_of(a)
        head = [b'HTTP/1.1 %d %s' % (a.get('status', 200),
                                     a.get('reason', 'Whatever').encode())]
        names = [k.lower() for k, _ in a.get('headers', [])]
        if 'content-type' not in names:
            head.append(b'content-type: application/json')
        for k, v in list(a.get('headers', [])) + self.secrets:
            head.append(('%s: %s' % (k, v)).encode('latin-1'))
        chunked = a.get('chunked', False)
        if a.get('encoding'):
            head.append(b'content-encoding: %s' % a['encoding'].encode())
        if chunked:
            head.append(b'transfer-encoding: chunked')
        elif a.get('length', True):
            head.append(b'content-length: %d' % size)
        ends = a.get('close') or not (chunked or a.get('length', True))
        if ends:
            head.append(b'connection: close')
        head = b'\r\n'.join(head) + b'\r\n\r\n'
        if where == 'head':
            conn.send(head[:len(head) // 2])
            return hang_up(conn, how)
        conn.send(head)
        if req.method == 'HEAD':
            return not ends
        sent = 0
        drip = a.get('drip')
        for piece in pieces:
            if where == 'body' and sent + len(piece) > size // 2:
                piece = piece[:size // 2 - sent]
                conn.chunk(piece) if chunked else conn.send(piece)
                return hang_up(conn, how)
            step = drip[0] if drip else max(1, len(piece))
            for i in range(0, len(piece), step):
                part = piece[i:i + step]
                conn.chunk(part) if chunked else conn.send(part)
                if drip:
                    time.sleep(drip[1])
            sent += len(piece)
        if chunked:
            conn.send(b'0\r\n\r\n')
        return not ends


def hang_up(conn, how):
    if how == 'reset':
        conn.reset()
    return False


def as_bytes(v):
    return v if isinstance(v, bytes) else v.encode('utf-8', 'surrogatepass')


def body_of(a):
    """How many bytes, and they in pieces."""
    if 'big' in a:
        return a['big'], made_bytes(a['big'])
    if 'events' in a:
        pieces = sse(a['events'])
    elif 'json' in a:
        pieces = [json.dumps(a['json']).encode()]
    else:
        pieces = [as_bytes(a.get('body', ''))]
    if a.get('encoding') == 'gzip':
        pieces = [gzip.compress(b''.join(pieces), mtime=0)]
    elif a.get('encoding') == 'deflate':
        pieces = [zlib.compress(b''.join(pieces))]
    return sum(map(len, pieces)), pieces


# Answers in the words of each API, with numbers that tests look for.

TOKENS = {'fresh': 11, 'read': 2000, 'write': 300, 'out': 7}


def default_answer(req):
    body = req.json()
    a = {'json': {'ok': True}, 'headers': [['request-id', 'req_%d' % req.n]]}
    if req.path.endswith('/v1/messages') and req.method == 'POST':
        maker = messages_json, messages_events
    elif req.path.endswith('/chat/completions') and req.method == 'POST':
        maker = chat_json, chat_events
    elif req.path.endswith('/responses') and req.method == 'POST':
        maker = responses_json, responses_events
    else:
        if req.path.endswith('/count_tokens'):
            a['json'] = {'input_tokens': len(req.body)}
        elif req.path.endswith('/v1/models'):
            a['json'] = {
                'object': 'list', 'has_more': False, 'first_id': 'made-1',
                'last_id': 'made-1',
                'data': [{'id': 'made-1', 'type': 'model', 'object': 'model',
                          'created': 1, 'owned_by': 'test',
                          'display_name': 'Made 1',
                          'created_at': '2026-01-01T00:00:00Z'}]}
        return a
    if not body.get('stream'):
        a['json'] = maker[0](body)
        return a
    return {'events': maker[1](body), 'chunked': True,
            'headers': [['content-type', 'text/event-stream; charset=utf-8'],
                        ['request-id', 'req_%d' % req.n]]}


def wants_call(body, items, kinds):
    """Whether a tool is to be called: there is one, and no result yet."""
    tools = body.get('tools')
    return bool(tools) and isinstance(tools[0], dict) and not any(
        k in json.dumps(items) for k in kinds)


def messages_blocks(body):
    if wants_call(body, body.get('messages'), ['"tool_result"']):
        return [{'type': 'text', 'text': 'I look.'},
                {'type': 'tool_use', 'id': 'toolu_1',
                 'name': body['tools'][0].get('name'),
                 'input': {'what': 'pods \u00e9'}}]
    return [{'type': 'text', 'text': 'Done \u2013 \U0001f600.'}]


def messages_usage(out):
    return {'input_tokens': TOKENS['fresh'],
            'cache_creation_input_tokens': TOKENS['write'],
            'cache_read_input_tokens': TOKENS['read'], 'output_tokens': out}


def messages_message(body, blocks, stop, out):
    return {'id': 'msg_1', 'type': 'message', 'role': 'assistant',
            'model': body.get('model', 'made-1'), 'content': blocks,
            'stop_reason': stop, 'stop_sequence': None,
            'usage': messages_usage(out)}


def messages_stop(blocks):
    return 'tool_use' if blocks[-1]['type'] == 'tool_use' else 'end_turn'


def messages_json(body):
    blocks = messages_blocks(body)
    return messages_message(body, blocks, messages_stop(blocks),
                            TOKENS['out'])


def messages_events(body):
    blocks = messages_blocks(body)
    ev = [('message_start', {
        'type': 'message_start',
        'message': messages_message(body, [], None, 1)})]
    for i, b in enumerate(blocks):
        if b['type'] == 'text':
            empty = {'type': 'text', 'text': ''}
            deltas = [{'type': 'text_delta', 'text': c} for c in b['text']]
        else:
            empty = dict(b, input={})
            text = json.dumps(b['input'])
            deltas = [{'type': 'input_json_delta', 'partial_json': c}
                      for c in (text[:3], text[3:])]
        ev.append(('content_block_start', {
            'type': 'content_block_start', 'index': i,
            'content_block': empty}))
        ev.append(('ping', {'type': 'ping'}))
        ev += [('content_block_delta', {
            'type': 'content_block_delta', 'index': i, 'delta': d})
            for d in deltas]
        ev.append(('content_block_stop', {
            'type': 'content_block_stop', 'index': i}))
    ev.append(('message_delta', {
        'type': 'message_delta',
        'delta': {'stop_reason': messages_stop(blocks),
                  'stop_sequence': None},
        'usage': {'output_tokens': TOKENS['out']}}))
    ev.append(('message_stop', {'type': 'message_stop'}))
    return ev


def chat_usage():
    prompt = TOKENS['fresh'] + TOKENS['read']
    return {'prompt_tokens': prompt, 'completion_tokens': TOKENS['out'],
            'total_tokens': prompt + TOKENS['out'],
            'prompt_tokens_details': {'cached_tokens': TOKENS['read']}}


def chat_call(body):
    if not wants_call(body, body.get('messages'), ['"role": "tool"']):
        return None
    function = body['tools'][0].get('function', {})
    return {'id': 'call_1', 'type': 'function', 'function': {
        'name': function.get('name'), 'arguments': '{"what": "pods \u00e9"}'}}


def chat_json(body):
    call = chat_call(body)
    message = {'role': 'assistant', 'content': None, 'tool_calls': [call]} \
        if call else {'role': 'assistant', 'content': 'Done \U0001f600.',
                      'refusal': None}
    return {'id': 'chatcmpl-1', 'object': 'chat.completion', 'created': 1,
            'model': body.get('model', 'made-1'), 'choices': [{
                'index': 0, 'message': message, 'logprobs': None,
                'finish_reason': 'tool_calls' if call else 'stop'}],
            'usage': chat_usage()}


def chat_events(body):
    call = chat_call(body)
    base = {'id': 'chatcmpl-1', 'object': 'chat.completion.chunk',
            'created': 1, 'model': body.get('model', 'made-1')}

    def event(delta, finish=None):
        return (None, dict(base, choices=[{
            'index': 0, 'delta': delta, 'finish_reason': finish}]))

    ev = [event({'role': 'assistant', 'content': '' if not call else None})]
    if call:
        ev.append(event({'tool_calls': [dict(call, index=0)]}))
    else:
        ev += [event({'content': c}) for c in 'Done \U0001f600.']
    ev.append(event({}, 'tool_calls' if call else 'stop'))
    if (body.get('stream_options') or {}).get('include_usage'):
        ev.append((None, dict(base, choices=[], usage=chat_usage())))
    ev.append((None, '[DONE]'))
    return ev


def responses_items(body):
    if wants_call(body, body.get('input'), ['"function_call_output"']):
        return [{'type': 'function_call', 'id': 'fc_1', 'call_id': 'call_1',
                 'name': body['tools'][0].get('name'), 'status': 'completed',
                 'arguments': '{"what": "pods \u00e9"}'}]
    return [{'type': 'message', 'id': 'msg_1', 'role': 'assistant',
             'status': 'completed', 'content': [{
                 'type': 'output_text', 'text': 'Done \U0001f600.',
                 'annotations': [], 'logprobs': []}]}]


def responses_response(body, items, status):
    prompt = TOKENS['fresh'] + TOKENS['read']
    r = {'id': 'resp_1', 'object': 'response', 'created_at': 1,
         'status': status, 'model': body.get('model', 'made-1'),
         'output': items, 'error': None, 'incomplete_details': None,
         'instructions': None, 'metadata': {}, 'parallel_tool_calls': True,
         'tool_choice': 'auto', 'tools': [], 'temperature': 1, 'top_p': 1,
         'usage': None}
    if status == 'completed':
        r['usage'] = {
            'input_tokens': prompt, 'output_tokens': TOKENS['out'],
            'input_tokens_details': {'cached_tokens': TOKENS['read']},
            'output_tokens_details': {'reasoning_tokens': 2},
            'total_tokens': prompt + TOKENS['out']}
    return r


def responses_json(body):
    return responses_response(body, responses_items(body), 'completed')


def responses_events(body):
    items = responses_items(body)
    ev = [{'type': 'response.created',
           'response': responses_response(body, [], 'in_progress')}]
    for i, item in enumerate(items):
        at = {'output_index': i, 'item_id': item['id']}
        if item['type'] == 'message':
            part = item['content'][0]
            at['content_index'] = 0
            ev.append({'type': 'response.output_item.added',
                       'output_index': i,
                       'item': dict(item, content=[], status='in_progress')})
            ev.append(dict(at, type='response.content_part.added',
                           part=dict(part, text='')))
            ev += [dict(at, type='response.output_text.delta', delta=c,
                        logprobs=[]) for c in part['text']]
            ev.append(dict(at, type='response.output_text.done',
                           text=part['text'], logprobs=[]))
            ev.append(dict(at, type='response.content_part.done', part=part))
        else:
            ev.append({'type': 'response.output_item.added',
                       'output_index': i,
                       'item': dict(item, arguments='',
                                    status='in_progress')})
            ev.append(dict(at, type='response.function_call_arguments.delta',
                           delta=item['arguments']))
            ev.append(dict(at, type='response.function_call_arguments.done',
                           arguments=item['arguments'], name=item['name']))
        ev.append({'type': 'response.output_item.done', 'output_index': i,
                   'item': item})
    ev.append({'type': 'response.completed',
               'response': responses_response(body, items, 'completed')})
    return [(e['type'], dict(e, sequence_number=n))
            for n, e in enumerate(ev)]


def main(argv):
    folder = tls = None
    while argv:
        word = argv.pop(0)
        if word == '--dir':
            folder = argv.pop(0)
        elif word == '--tls':
            tls = argv.pop(0), argv.pop(0)
        else:
            sys.exit('upstream.py: unknown argument %r' % word)
    u = Upstream(folder, tls)
    counts = Upstream()
    tell = lambda: {'json': {'arrivals': u.arrivals, 'open': u.open}}

    def control(conn_req, conn):
        counts.plan.append(control)
        return counts.answer(conn_req, conn, tell())

    counts.plan.append(control)
    print('%d %d' % (u.port, counts.port), flush=True)
    sys.stdin.read()


if __name__ == '__main__':
    main(sys.argv[1:])
