#!/usr/bin/env bats
# hr-proxy-cache: a conversation that only grows stays so behind the proxy

load proxy/lib.bash

@test "each of 30 turns extends what was forwarded at the turn before" {
	holds cache.thirty_turns
}

@test "a restart between turns changes nothing, nor does a lost store" {
	holds cache.a_restart_between_turns
}

@test "what was sent before a SIGKILL is sent again alike" {
	holds cache.a_killed_proxy
}

@test "interleaved sessions are what each is alone" {
	holds cache.interleaved_sessions
}

@test "two proxies share a store and a conversation" {
	holds cache.two_proxies_on_one_store
}

@test "two proxies of different levels agree on what went out first" {
	holds cache.two_levels_on_one_store
}

@test "cache_control may move" {
	holds cache.moving_cache_marks
}

@test "a string may become a list of itself and back" {
	holds cache.strings_and_lists
}

@test "white space, escapes and the order of keys are not content" {
	holds cache.other_order_of_keys
}

@test "a folder takes the store's place for a turn" {
	holds cache.a_folder_for_a_store
}

@test "the store is locked for a turn" {
	holds cache.a_locked_store
}

@test "the store cannot be written for a turn" {
	holds cache.a_store_that_cannot_be_written
}

@test "a store that was removed is filled anew" {
	holds cache.a_removed_store
}

@test "another level after a restart changes new turns only" {
	holds cache.another_level_after_a_restart
}

@test "a pin is what is sent" {
	holds cache.the_pin_is_what_is_sent
}

@test "a damaged pin is decided anew, and alike" {
	holds cache.a_damaged_pin_is_decided_anew
}

@test "histories that differ in a byte share nothing" {
	holds cache.a_changed_past_is_another_conversation
}

@test "any process, order and locale give the same bytes" {
	holds cache.same_in_any_process_order_and_locale
}

@test "load changes nothing" {
	holds cache.same_under_load
}

@test "a proxy behind a proxy changes nothing more" {
	holds cache.two_proxies_are_as_one
}

@test "every mark gives the original back" {
	holds cache.every_mark_gives_the_original
}

@test "marks name a store that is not the default" {
	holds cache.a_named_store_is_named_in_marks
}

@test "originals with odd characters are given back too" {
	holds cache.odd_texts_are_redeemed
}

@test "what an agent fetched is sent whole from then on" {
	holds cache.what_was_fetched_stays_whole
}

@test "no text gets more tokens, and each change saves a tenth" {
	holds cache.no_text_has_more_tokens
}
