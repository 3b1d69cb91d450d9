#!/usr/bin/perl
# Sends from Perl, with FFI::Platypus (Debian package libffi-platypus-perl).
#
#   send.pl SYSTEM CLIENT RECIPIENT TEXT
use strict;
use warnings;
use FFI::Platypus 1.00;

# Numbers of ucmail.h.
use constant {UCM_CLIENT => 1, UCM_TO => 1, UCM_SUBJECT => 1, UCM_OUTCOME_TLS_VERSION => 3};

my $ffi = FFI::Platypus->new(api => 1, lib => 'libucmail.so.0');
$ffi->attach(ucm_start => ['opaque', 'opaque*'] => 'int');
$ffi->attach(ucm_end => ['opaque'] => 'void');
$ffi->attach(ucm_add_input => ['opaque', 'string'] => 'int');
$ffi->attach(ucm_set_number => ['opaque', 'enum', 'long'] => 'int');
$ffi->attach(ucm_message_new => ['opaque', 'opaque*'] => 'int');
$ffi->attach(ucm_message_add_recipient => ['opaque', 'enum', 'string'] => 'int');
$ffi->attach(ucm_message_set => ['opaque', 'enum', 'string'] => 'int');
$ffi->attach(ucm_message_set_body => ['opaque', 'string', 'size_t'] => 'int');
$ffi->attach(ucm_send => ['opaque', 'opaque', 'opaque*'] => 'int');
$ffi->attach(ucm_outcome_text => ['opaque', 'enum'] => 'string');
$ffi->attach(ucm_error => ['opaque'] => 'string');

if (@ARGV != 4) {
    print STDERR "usage: send.pl SYSTEM CLIENT RECIPIENT TEXT\n";
    exit 64;
}
my ($system, $client, $recipient, $text) = @ARGV;
my ($handle, $message, $outcome);
my $status = ucm_start(undef, \$handle);
exit $status if $status;
$status = ucm_add_input($handle, $system)
    || ucm_set_number($handle, UCM_CLIENT, $client)
    || ucm_message_new($handle, \$message)
    || ucm_message_add_recipient($message, UCM_TO, $recipient)
    || ucm_message_set($message, UCM_SUBJECT, 'From Perl')
    || ucm_message_set_body($message, $text, length $text)
    || ucm_send($handle, $message, \$outcome);
if ($status) {
    print STDERR ucm_error($handle), "\n";
} else {
    print ucm_outcome_text($outcome, UCM_OUTCOME_TLS_VERSION), "\n";
}
ucm_end($handle);
exit $status;
