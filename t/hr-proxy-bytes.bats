#!/usr/bin/env bats
# hr-proxy-bytes: what comes through byte for byte, and what is squashed

load proxy/lib.bash

@test "bodies with nothing to squash come through byte for byte" {
	holds bytes.odd_bodies_pass
}

@test "--off changes no byte of any body" {
	holds bytes.off_is_a_byte_pump
}

@test "bodies that are no requests come through byte for byte" {
	holds bytes.what_is_no_request_passes
}

@test "nothing differs but texts that tools returned, in whole sessions" {
	holds bytes.spans_of_sessions
}

@test "a text is squashed amid escapes, numbers and keys that all stay" {
	holds bytes.odd_neighbours_stay
}

@test "roles, types, ids and counts stay, and no text becomes empty" {
	holds bytes.skeleton_stays
}

@test "files that an agent reads stay, by a tool or by a command" {
	holds bytes.reads_stay
}

@test "files with line numbers stay" {
	holds bytes.numbered_reads_stay
}

@test "what was fetched back stays" {
	holds bytes.fetched_texts_stay
}

@test "errors under 2 KB stay" {
	holds bytes.errors_under_2_kb_stay
}

@test "short texts stay" {
	holds bytes.short_texts_stay
}

@test "results whose call is not in the request stay" {
	holds bytes.results_without_their_call_stay
}

@test "every kind of output of the Responses API is squashed" {
	holds bytes.every_kind_of_output_is_squashed
}

@test "facts that stand before an output stay" {
	holds bytes.facts_before_an_output_stay
}

@test "reminders that the client put into results stay" {
	holds bytes.reminders_stay
}

@test "requests without tools stay" {
	holds bytes.requests_without_tools_stay
}

@test "count_tokens counts the original" {
	holds bytes.counting_is_of_the_original
}

@test "what the user, the model and the system say stays" {
	holds bytes.words_of_others_stay
}

@test "unknown blocks stay wherever they stand" {
	holds bytes.unknown_blocks_stay
}

@test "what looks like a mark is text, and keeps nothing from being squashed" {
	holds bytes.lookalikes_stay
}

@test "--retrieval none makes no marks, only what can be undone" {
	holds bytes.no_way_to_fetch_means_no_marks
}

@test "--retrieval auto makes marks for agents that are known" {
	holds bytes.retrieval_auto_knows_clients
}

@test "--retrieval auto makes marks where a tool fetches" {
	holds bytes.a_tool_that_fetches_means_marks
}

@test "each level does what its name says" {
	holds bytes.levels_differ
}

@test "--no-store makes no marks" {
	holds bytes.without_a_store_no_marks
}

@test "equal requests are both sent, and alike" {
	holds bytes.requests_are_not_answered_from_memory
}
