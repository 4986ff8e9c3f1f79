#!/usr/bin/env bats
# hr-proxy-reads: files that agents read, by the policy

load proxy/lib.bash

@test "lock files are squashed, source is not" {
	holds reads.lock_files_are_squashed_and_source_is_not
}

@test "an own policy overrides the shipped one" {
	holds reads.an_own_policy_overrides_the_shipped_one
}

@test "an own policy is found" {
	holds reads.an_own_policy_is_found
}

@test "by a profile what passed goes, what failed stays" {
	holds reads.what_passed_goes_and_what_failed_stays
}

@test "wrong policies are told, with file and line" {
	holds reads.wrong_policies_are_told
}

@test "without the shipped policy files stay exact" {
	holds reads.without_the_shipped_policy_files_stay_exact
}

@test "licences and encoded data are left out of source, and no more" {
	holds reads.parts_of_source_are_left_out
}

@test "what agents read that edit nothing may be squashed" {
	holds reads.agents_that_edit_nothing
}

@test "--reads focus sends what exact does, under another epoch" {
	holds reads.focus_is_as_exact_but_for_its_name
}

@test "another policy after a restart changes new turns only" {
	holds reads.another_policy_after_a_restart
}

@test "comments in a policy change no epoch" {
	holds reads.comments_are_no_other_policy
}

@test "what a policy forbids now was sent before, and stays" {
	holds reads.old_texts_are_redeemed_after_a_policy_that_forbids_them
}
