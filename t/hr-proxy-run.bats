#!/usr/bin/env bats
# hr-proxy-run: options, configuration, what is written, how it ends

load proxy/lib.bash

@test "it says where it listens, on standard error and in --port-file" {
	holds run.it_says_where_it_listens
}

@test "a port that is taken is exit 1" {
	holds run.a_port_that_is_taken
}

@test "addresses beyond this host are exit 2" {
	holds run.other_addresses_are_refused
}

@test "wrong options are exit 2" {
	holds run.wrong_options_are_refused
}

@test "files that cannot be opened are exit 1" {
	holds run.missing_files_are_told
}

@test "a configuration file says what options say, and options count" {
	holds run.a_file_says_what_options_say
}

@test "a wrong configuration file is told with its line" {
	holds run.a_wrong_file_is_told_with_its_line
}

@test "what is written is for the user alone, and below the state folder" {
	holds run.files_are_for_the_user_alone
}

@test "no secret of a request or an answer is written" {
	holds run.secrets_stay_out_of_files
}

@test "the name of a model is cleaned" {
	holds run.the_model_in_the_ledger_is_clean
}

@test "every request is a line in the ledger, with the usage told" {
	holds run.every_request_is_a_line
}

@test "the ledger counts each text and says why" {
	holds run.the_ledger_says_why
}

@test "two proxies share a ledger" {
	holds run.two_proxies_share_a_ledger
}

@test "--ledger none keeps none" {
	holds run.no_ledger_where_none_is_wanted
}

@test "SIGTERM lets a running answer end" {
	holds run.sigterm_lets_an_answer_end
}

@test "SIGTERM and SIGINT end an idle proxy" {
	holds run.sigterm_ends_an_idle_proxy
}

@test "a second signal ends it at once" {
	holds run.a_second_signal_ends_it_at_once
}

@test "an idle proxy makes no system call" {
	holds run.an_idle_proxy_sleeps
}

@test "doctor proves that marks can be redeemed" {
	holds run.doctor_proves_that_a_mark_can_be_redeemed
}

@test "doctor finds what is wrong" {
	holds run.doctor_finds_what_is_wrong
}
