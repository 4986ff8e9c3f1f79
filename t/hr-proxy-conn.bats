#!/usr/bin/env bats
# hr-proxy-conn: clients that leave, hosts, framing, TLS

load proxy/lib.bash

@test "200 clients that leave at random points leave nothing behind" {
	holds conn.clients_that_leave_leave_nothing
}

@test "clients that leave before upstream is connected" {
	holds conn.clients_that_leave_at_once
}

@test "a client that leaves a stream ends it upstream" {
	holds conn.clients_that_leave_a_stream
}

@test "each path has one host, and an unknown one has none" {
	holds conn.a_path_has_one_host
}

@test "where one upstream is for all it gets every path" {
	holds conn.one_upstream_for_all_gets_every_path
}

@test "an upstream may have a path of its own" {
	holds conn.an_upstream_with_a_path
}

@test "a request for another host is 421" {
	holds conn.other_hosts_are_refused
}

@test "a websocket is refused with 426" {
	holds conn.a_websocket_is_refused_with_426
}

@test "no web page gets leave to read" {
	holds conn.a_browser_gets_no_leave
}

@test "Expect: 100-continue is answered here" {
	holds conn.expect_100_is_answered_here
}

@test "chunked requests are squashed" {
	holds conn.chunked_requests_are_squashed
}

@test "a connection carries many requests" {
	holds conn.one_connection_many_requests
}

@test "requests that two readers would read differently are refused" {
	holds conn.smuggled_requests_are_refused
}

@test "a request with bad chunks does not arrive" {
	holds conn.bad_chunks_do_not_arrive_whole
}

@test "a body over the ceiling streams through" {
	holds conn.a_body_over_the_ceiling_streams_through
}

@test "large bodies are squashed" {
	holds conn.large_bodies_are_squashed
}

@test "TLS to an upstream of a CA that is known, and of no other" {
	holds conn.tls_to_an_upstream_of_a_known_ca
}

@test "TLS to an upstream of another name is refused" {
	holds conn.tls_to_another_name_is_refused
}
