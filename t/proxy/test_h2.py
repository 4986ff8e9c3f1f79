"""test_h2.py - an upstream that speaks HTTP/2"""
import hashlib
import os
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

import spans
from hrtest import HERE, Client, equal, proxy, send
from sessions import HEADERS, PATHS
from test_conn import APIS, certificate, one


class H2:
    """The server as an upstream that proxy() takes."""

    def __init__(self):
        cert, key = certificate()
        self.process = subprocess.Popen(
            ['node', os.path.join(HERE, 'h2.mjs'), cert, key],
            stdout=subprocess.PIPE)
        self.url = 'https://127.0.0.1:%d' % int(self.process.stdout.readline())

    def close(self):
        self.process.kill()
        self.process.wait()


def with_server(test):
    def run():
        up = H2()
        try:
            test(up, proxy(up, '--ca-file', 'ca.pem'))
        finally:
            up.close()
    return run


@with_server
def bodies_go_up_and_come_down(up, p):
    for api in APIS:
        body = one(api)
        r = send(p, 'POST', PATHS[api], HEADERS[api], body)
        equal((r.status, r.get('x-version')), (200, '2'))
        texts = spans.compare(body, r.body, api)
        equal([t.changed for t in texts], [True])
        equal(r.get('x-sum'), hashlib.sha256(r.body).hexdigest())
    equal(r.get('x-connections'), '1')


@with_server
def many_at_once_keep_apart(up, p):
    """Large answers to slow readers, side by side on few connections."""
    def fetch(i):
        n = 1_000_000 + i * 100_003
        path = '/v1/files/%d' % n
        c = Client(p.port)
        c.send(b'GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\n'
               b'anthropic-version: 2023-06-01\r\n\r\n' % path.encode())
        time.sleep(.05 * (i % 4))
        r = c.response('GET')
        want = (path.encode() * (n // len(path) + 1))[:n]
        return r.status, r.body == want

    with ThreadPoolExecutor(12) as pool:
        for got in pool.map(fetch, range(24)):
            equal(got, (200, True))
