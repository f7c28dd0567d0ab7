# SPDX-License-Identifier: GPL-2.0-or-later
# Countries and autonomous systems in reports, and databases that cannot be read.
# shellcheck shell=sh disable=SC2154

. "${top_srcdir:-.}/tests/report/recording.sh"

geo=$top_srcdir/tests/geo.mmdb
make places.rec <<-'END'
	iface 0 eth0
	flow eth0 in tcp 192.0.2.7:41234 10.0.0.1:443 packets=5 bytes=500
	flow eth0 out tcp 10.0.0.1:443 192.0.2.7:41234 packets=4 bytes=400
	flow eth0 out tcp 10.0.0.1:50000 198.51.100.1:25 packets=3 bytes=300
	flow eth0 out tcp 10.0.0.1:50001 198.51.100.200:25 packets=2 bytes=200
	flow eth0 in udp 203.0.113.5:53 10.0.0.1:53 packets=1 bytes=150
	flow eth0 in udp 10.9.9.9:53 10.0.0.1:53 packets=1 bytes=100
	fold eth0 in tcp *:* 10.0.0.1:80 packets=1 bytes=50
	tick 1
	end
END

run "$pktop" --replay places.rec --total --geo "$geo"
grep -q "without libmaxminddb" err && skip_all "this pktop was built without libmaxminddb"
is "a database is read: status" "$status" 0

run "$pktop" --replay places.rec --csv --geo "$geo" \
	--columns src_addr,dst_addr,country,asn,as_org,src_country,src_asn,src_as_org,dst_country,dst_asn,dst_as_org
prints "CSV" 'src_addr,dst_addr,country,asn,as_org,src_country,src_asn,src_as_org,dst_country,dst_asn,dst_as_org
192.0.2.7,10.0.0.1,DE,64496,Example One,DE,64496,Example One,,,
10.0.0.1,192.0.2.7,DE,64496,Example One,,,,DE,64496,Example One
10.0.0.1,198.51.100.1,SE,64497,Example Two,,,,SE,64497,Example Two
10.0.0.1,198.51.100.200,FR,64497,Example Two,,,,FR,64497,Example Two
203.0.113.5,10.0.0.1,,64498,Bad\x1b[31m\u{202e}Name,,64498,Bad\x1b[31m\u{202e}Name,,,
10.9.9.9,10.0.0.1,,,,,,,,,
,10.0.0.1,,,,,,,,,'

run "$pktop" --replay places.rec --csv --geo "$geo"
is "CSV has all columns" "$(sed -n 's/.*community_id,\(.*\),owner,.*/\1/p' out)" \
	"country,asn,as_org,src_country,src_asn,src_as_org,dst_country,dst_asn,dst_as_org"
run "$pktop" --replay places.rec --csv --geo none
is "CSV without databases: status" "$status$(cat err)" 0
is "CSV has none without databases" "$(grep -c community_id out) $(grep -c country out)" "1 0"

run "$pktop" --replay places.rec --csv --geo "$geo" --by country --columns group,bytes,flows,peers,country,asn,as_org
prints "countries: what their flows have in common" 'group,bytes,flows,peers,country,asn,as_org
DE,900,2,1,DE,64496,Example One
SE,300,1,1,SE,64497,Example Two
(country not known),250,2,2,,,
FR,200,1,1,FR,64497,Example Two
*,50,1,0,,,'
run "$pktop" --replay places.rec --csv --geo "$geo" --by asn --columns group,bytes,flows,peers,country,asn,as_org
prints "systems" 'group,bytes,flows,peers,country,asn,as_org
AS64496 Example One,900,2,1,DE,64496,Example One
AS64497 Example Two,500,2,2,,64497,Example Two
AS64498 Bad\x1b[31m\u{202e}Name,150,1,1,,64498,Bad\x1b[31m\u{202e}Name
(AS not known),100,1,1,,,
*,50,1,0,,,'
run "$pktop" --replay places.rec --csv --geo "$geo" --by dst --columns group,asn --sort asn
prints "in order of their numbers" 'group,asn
10.0.0.1,
192.0.2.7,64496
198.51.100.200,64497
198.51.100.1,64497'

run "$pktop" --replay places.rec --csv --geo "$geo" --filter 'remote asn 64497 and not country FR' --columns dst_addr
prints "a filter" 'dst_addr
198.51.100.1'
run "$pktop" --replay places.rec --csv --geo "$geo" --filter 'country none' --columns src_addr,bytes --view directions --top 1
prints "the end that is not known" 'src_addr,bytes
192.0.2.7,500'

run "$pktop" --replay places.rec --json --geo "$geo" --by country --columns group,country,asn
if ! grep -q "built without JSON" err; then
	is "JSON" "$(sed -n '/"groups"/,$p' out)" ' "groups": [
  {"group": "DE", "country": "DE", "asn": 64496},
  {"group": "SE", "country": "SE", "asn": 64497},
  {"group": "(country not known)", "country": null, "asn": null},
  {"group": "FR", "country": "FR", "asn": 64497},
  {"group": "*", "country": null, "asn": null}]}'
	is "JSON names the files" "$(grep '"places"' out)" \
		' "places": {"files": ["Test-ASN-Country"], "refused": 0},'
	run "$pktop" log flows --replay places.rec --json --geo "$geo"
	is "a record of a stream" "$(sed -n '/"198.51.100.1"/s/.*\("src_country.*\),"icmp_type.*/\1/p' out)" \
		'"src_country":null,"src_asn":null,"src_as_org":null,"dst_country":"SE","dst_asn":64497,"dst_as_org":"Example Two","src_name":null,"dst_name":null,"asked_by":null,"resolver":null'
	run "$pktop" log flows --replay places.rec --json --geo none
	is "a stream without databases: status" "$status$(cat err)" 0
	is "a stream without databases" "$(sed -n 2p out | grep -c '"type":"flow"') $(grep -c country out)" "1 0"
fi

run "$pktop" --replay places.rec --batch --geo "$geo,$geo"
is "text names the files" "$(grep ^places out)" "places   Test-ASN-Country, Test-ASN-Country"
run "$pktop" --replay places.rec --batch --geo none --columns proto,country
is "text says why a column is empty" "$(grep ^places out)" \
	"places   nothing is looked up (--geo none)"
run "$pktop" --replay places.rec --batch --geo none
is "text says nothing where nothing is asked" "$(grep ^places out)" ""

# refuses NAME STATUS WANT OPTION...
refuses() {
	refuses_name=$1 refuses_status=$2 refuses_want=$3
	shift 3
	run timeout 60 "$pktop" --replay places.rec --batch "$@"
	is "$refuses_name: status" "$status" "$refuses_status"
	is "$refuses_name" "$(cat err)" "$refuses_want"
	is "$refuses_name: no report" "$(cat out)" ""
}

refuses "a view without databases" 1 \
	'pktop: the view "asn" cannot be shown: nothing is looked up (--geo none)' --geo none --by asn
refuses "a filter without databases" 1 \
	'pktop: --filter: column 9: country cannot be tested: nothing is looked up (--geo none)' \
	--geo none --filter 'tcp and country DE'
refuses "an empty name" 2 'pktop: --geo: the name of a file is empty' --geo "$geo,"
refuses "too many files" 2 'pktop: --geo: more than 4 files' --geo a,b,c --geo d,e
refuses "no such file" 1 'pktop: --geo: cannot read /nowhere: No such file or directory' --geo "$geo,/nowhere"
refuses "a directory" 1 'pktop: --geo: cannot read .: it is no regular file' --geo .
mkfifo fifo
refuses "a FIFO" 1 'pktop: --geo: cannot read fifo: it is no regular file' --geo fifo
: >empty
refuses "an empty file" 1 'pktop: --geo: cannot read empty: it is empty' --geo empty
head -c 500 "$geo" >half
refuses "a truncated file" 1 'pktop: --geo: cannot read half: it is no whole MaxMind DB file' --geo half
refuses "another file" 1 'pktop: --geo: cannot read places.rec: it is no whole MaxMind DB file' \
	--geo places.rec

# The configuration file of the table; the command line wins.
printf 'tick\nkey ?\nkey Esc\nshow\n' >script
printf 'geo = %s\nview = country\n' "$geo" >conf
run setsid -w "$pktop" --replay places.rec --script script --size 80x12 --config conf
like "a database from the configuration file" "$(cat out)" "^SE  "
run setsid -w "$pktop" --replay places.rec --script script --size 80x12 --config conf --geo none
like "the command line wins" "$(cat out)" "^nothing is looked up"

run "$pktop" check --geo "$geo"
like "check names what is used" "$(cat out)" "^  ok  Test-ASN-Country  built 20[0-9-]*:"
run "$pktop" check --geo none
like "check says why there is nothing" "$(cat out)" "^  --  files +nothing is looked up \(--geo none\)"
usual='GeoLite2-ASN GeoIP2-ISP dbip-asn-lite GeoLite2-Country GeoIP2-Country GeoLite2-City
dbip-country-lite'
cat >usual.sh <<'END'
mount -t tmpfs none /usr/local/share && mkdir /usr/local/share/GeoIP || exit 77
for name in $usual; do
	cp "$geo" "/usr/local/share/GeoIP/$name.mmdb"
done
exec "$pktop" check
END
export usual geo pktop
if [ "$(id -u)" = 0 ] && unshare -m true 2>err; then
	run unshare -m sh usual.sh
	is "each of the usual files is used" "$(grep -c '^  ok  Test-ASN-Country' out)" 7
else
	pass "each of the usual files is used # SKIP needs root"
fi

run "$pktop" check --geo half
is "check of what cannot be read: status" "$status" 1
like "check says what cannot be read" "$(cat out)" "^  no  files +cannot read half: it is no whole"

done_testing
