# SPDX-License-Identifier: GPL-2.0-or-later
# Makes tests/geo.mmdb, the test data of test-geo.c: perl geo-mmdb.pl FILE. Needs the Debian package
# libmaxmind-db-writer-perl, for which the result is in the tree.
use strict;
use warnings;
use MaxMind::DB::Writer::Tree;

my %types = (
	autonomous_system_number       => 'uint32',
	autonomous_system_organization => 'utf8_string',
	country                        => 'map',
	registered_country             => 'map',
	iso_code                       => 'utf8_string',
);
my $tree = MaxMind::DB::Writer::Tree->new(
	ip_version               => 6,
	record_size              => 24,
	database_type            => 'Test-ASN-Country',
	description              => {en => 'documentation networks'},
	languages                => ['en'],
	remove_reserved_networks => 0,
	map_key_type_callback    => sub { $types{$_[0]} },
);

# insert NETWORK COUNTRY ASN ORGANISATION
sub insert {
	my ($network, $country, $asn, $org) = @_;
	my %data;

	$data{country} = {iso_code => $country} if $country;
	$data{autonomous_system_number} = $asn if $asn;
	$data{autonomous_system_organization} = $org if $org;
	$tree->insert_network($network, \%data);
}

insert('192.0.2.0/24', 'DE', 64496, 'Example One');
insert('198.51.100.0/25', 'SE', 64497, 'Example Two');
insert('198.51.100.128/25', 'FR', 64497, 'Example Two');
insert('203.0.113.0/24', '', 64498, "Bad\e[31m\x{202e}Name");
insert('2001:db8:1::/48', 'JP', 64499, 'Example Six');
insert('2001:db8:2::/48', 'xx', 64500, '');
$tree->insert_network('2001:db8:3::/48', {registered_country => {iso_code => 'CH'}});

open my $file, '>:raw', $ARGV[0] or die "$ARGV[0]: $!\n";
$tree->write_tree($file);
close $file or die "$ARGV[0]: $!\n";
