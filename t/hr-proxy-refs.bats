#!/usr/bin/env bats
# hr-proxy-refs: references to what stands above, live and turn by turn

load proxy/lib.bash

@test "each turn extends the last, and is what hr-align makes of it" {
	holds refs.each_turn_extends_the_last
}

@test "a proxy without memory and store sends the same" {
	holds refs.what_a_cold_proxy_sends
}

@test "a restart between turns changes nothing, nor does a lost store" {
	holds refs.a_restart_between_turns
}

@test "what was sent before a SIGKILL is sent again alike" {
	holds refs.a_killed_proxy
}

@test "interleaved conversations are what each is alone" {
	holds refs.interleaved_conversations
}

@test "conversations that fork each see their own lines" {
	holds refs.a_conversation_that_forks
}

@test "cache_control may move" {
	holds refs.moving_cache_marks
}

@test "a string may become a list of itself and back" {
	holds refs.strings_and_lists
}

@test "nothing refers to what a compaction took away" {
	holds refs.after_a_compaction
}

@test "no references where the server may drop what they point to" {
	holds refs.not_where_the_server_may_drop
}

@test "who asks again is answered, once and for all" {
	holds refs.who_asks_again_is_answered
}

@test "what was fetched is whole" {
	holds refs.what_was_fetched_is_whole
}

@test "at every level references point to what is seen" {
	holds refs.at_every_level
}

@test "a text that is squashed is pointed to as it is seen" {
	holds refs.a_mark_beside_references
}

@test "another level after a restart changes new turns only" {
	holds refs.another_level_after_a_restart
}

@test "histories that differ in a name share no reference" {
	holds refs.a_lost_call_is_no_other
}
