#!/usr/bin/env bats
# hr-proxy-h2: upstreams that speak HTTP/2

load proxy/lib.bash

@test "bodies go up and come down by HTTP/2, over one connection" {
	holds h2.bodies_go_up_and_come_down
}

@test "answers side by side keep apart" {
	holds h2.many_at_once_keep_apart
}
