set -e
for n in fqh fqa fqb; do ip netns del $n 2>/dev/null || true; ip netns add $n; ip -n $n link set lo up; ip netns exec $n sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1; done
ip -n fqh link add docker0 type bridge; ip -n fqh addr add 172.17.0.1/16 brd + dev docker0; ip -n fqh link set docker0 up
i=2
for n in fqa fqb; do ip -n fqh link add veth$n type veth peer name eth0 netns $n; ip -n fqh link set veth$n master docker0 up; ip -n $n link set eth0 address 02:42:ac:11:00:0$i; ip -n $n addr add 172.17.0.$i/16 brd + dev eth0; ip -n $n link set eth0 up; ip -n $n route add default via 172.17.0.1; i=$((i+1)); done
ip netns exec fqh sysctl -qw net.ipv4.ip_forward=1
ip -n fqh route add unreachable 10.3.0.0/16
ip -n fqh route add prohibit 10.4.0.0/16
ip -n fqh route add blackhole 10.5.0.0/16
sleep 2
ip netns exec fqa tcpdump -n -e -v -U -w exchange.pcap -i eth0 arp or icmp or udp 2>/dev/null & T=$!
sleep 1
P="ip netns exec fqa ping -n -c1 -W1"
$P 172.17.0.3 || true
$P -Q 0x10 172.17.0.3 || true
$P -s 3000 172.17.0.3 || true
$P 172.17.0.1 || true
$P -t 1 10.2.0.1 || true
$P 10.2.0.1 || true
$P 10.3.0.1 || true
$P 10.4.0.1 || true
$P 10.5.0.1 || true
$P -W4 172.17.0.9 || true
ip netns exec fqa bash -c 'echo hi > /dev/udp/172.17.0.3/5001' || true
sleep 1; kill $T; sleep 1
tcpdump -n -e -r exchange.pcap -v 2>/dev/null > exchange.txt
for n in fqh fqa fqb; do ip netns del $n; done
