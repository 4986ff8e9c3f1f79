#!/usr/bin/env bats
# hr-proxy-sdk: programs written with the vendors' SDKs see no difference

load proxy/lib.bash

@test "SDKs get the same values directly and through hr-proxy" {
	[ -d "$SRCDIR/t/proxy/sdk/node_modules" ] ||
	    skip "no SDKs: npm ci in t/proxy/sdk"
	holds sdk.the_same_values_come_back
}
