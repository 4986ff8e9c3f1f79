#!/usr/bin/env bats
# hr-proxy-http: the hop: answers, headers, streams, encodings

load proxy/lib.bash

@test "every status comes with its headers and body, having arrived once" {
	holds http.answers_come_verbatim
}

@test "errors within a stream, and bodies that are no text, come as sent" {
	holds http.errors_in_a_stream_come_as_they_are
}

@test "answers without a body, and other methods" {
	holds http.without_a_body
}

@test "answers that break at any stage are not mended, nor asked for again" {
	holds http.broken_answers_are_not_mended
}

@test "an interim answer is not taken for the final one" {
	holds http.interim_answers_are_not_final
}

@test "a kept connection that upstream closed is replaced" {
	holds http.stale_connections_are_replaced
}

@test "connections are kept" {
	holds http.kept_connections_are_used_again
}

@test "what may have arrived is not sent again" {
	holds http.what_may_have_arrived_is_not_sent_again
}

@test "an upstream that is not there is 502" {
	holds http.nobody_listens
}

@test "redirects are not followed" {
	holds http.redirects_are_not_followed
}

@test "request headers come verbatim, in order, and none is added" {
	holds http.request_headers_come_verbatim
}

@test "headers of one hop stay here" {
	holds http.headers_of_one_hop_stay_here
}

@test "the client sees each event before upstream sends the next" {
	holds http.events_come_one_by_one
}

@test "the client sees each byte before upstream sends the next" {
	holds http.bytes_come_one_by_one
}

@test "a head does not wait for its body" {
	holds http.heads_come_before_bodies
}

@test "100 MB for a slow reader take little memory and keep nobody waiting" {
	holds http.a_slow_reader_slows_only_itself
}

@test "encoded requests are squashed" {
	holds http.encoded_requests_are_squashed
}

@test "what cannot be decoded passes as it came" {
	holds http.what_cannot_be_decoded_passes
}

@test "gigabytes in kilobytes do no harm" {
	holds http.bombs_do_not_go_off
}

@test "encoded answers come encoded" {
	holds http.encoded_answers_come_encoded
}
