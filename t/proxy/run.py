#!/usr/bin/env python3
"""run.py - run one test: run.py MODULE.FUNCTION

Of t/proxy/test_MODULE.py, in the folder it is called in.  Exit 0: it held.
What the test started is ended in either case.
"""
import faulthandler
import importlib
import os
import sys
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, HERE)

import hrtest                                           # noqa: E402


def main():
    faulthandler.dump_traceback_later(280, exit=True)
    module, _, name = sys.argv[1].partition('.')
    test = getattr(importlib.import_module('test_' + module), name)
    try:
        test()
        hrtest.stop_all(kill=False)
        status = 0
    except BaseException:                               # also a ^C
        traceback.print_exc(file=sys.stdout)
        for p in hrtest.running:
            if isinstance(p, hrtest.Proxy):
                print('hr-proxy: exit %s, stderr: %.9000s' % (
                    p.process.poll(), p.stderr()))
        hrtest.stop_all(kill=True)
        status = 1
    sys.stdout.flush()
    # Threads of the upstream may sit in a recv for ever.
    os._exit(status)


main()
