"""test_sdk.py - the vendors' SDKs, directly and through hr-proxy"""
import os
import subprocess

import spans
from hrtest import HERE, equal, proxy, upstream

SDK = os.path.join(HERE, 'sdk')


def the_same_values_come_back():
    up = upstream()
    p = proxy(up)
    r = subprocess.run(['node', SDK + '/sdk.mjs', up.url, p.url],
                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    out = r.stdout.decode('utf-8', 'replace')
    print(out)
    equal((r.returncode, out.count(': the same\n')), (0, 17))
    # And what the tools returned was shorter on the way.
    got = {}
    for req in up.requests:
        api = {'/v1/messages': 'messages', '/v1/chat/completions': 'chat',
               '/v1/responses': 'responses'}.get(req.path)
        if api and b'web-1000' in req.body:
            got.setdefault(api, []).append(req.body)
    for api in 'messages', 'chat', 'responses':
        equal(len(got[api]), 2, api)
        texts = spans.compare(*got[api], api)
        equal([t.changed for t in texts], [True], api)
