/**
 * The commands of Redis 7.0 as its COMMAND lists them, one a row: name, arity (negative: at least so many), flags, first key, last key and step,
 * the categories that the flags do not imply, tips, and where its keys are. `-` is an empty field; empty fields at the end are left out.
 */
export const COMMAND_ROWS = `
acl -2 - 0,0,0
acl|load 2 admin,noscript,loading,stale 0,0,0
acl|getuser 3 admin,noscript,loading,stale 0,0,0
acl|dryrun -4 admin,noscript,loading,stale 0,0,0
acl|save 2 admin,noscript,loading,stale 0,0,0
acl|setuser -3 admin,noscript,loading,stale 0,0,0
acl|list 2 admin,noscript,loading,stale 0,0,0
acl|users 2 admin,noscript,loading,stale 0,0,0
acl|whoami 2 noscript,loading,stale 0,0,0
acl|log -2 admin,noscript,loading,stale 0,0,0
acl|deluser -3 admin,noscript,loading,stale 0,0,0
acl|genpass -2 noscript,loading,stale 0,0,0
acl|cat -2 noscript,loading,stale 0,0,0
acl|help 2 loading,stale 0,0,0
append 3 write,denyoom,fast 1,1,1 string - RW.insert@1~0,1,0
asking 1 fast 0,0,0 connection
auth -2 noscript,loading,stale,fast,no_auth,allow_busy 0,0,0 connection
bgrewriteaof 1 admin,noscript,no_async_loading 0,0,0
bgsave -1 admin,noscript,no_async_loading 0,0,0
bitcount -2 readonly 1,1,1 bitmap - RO.access@1~0,1,0
bitfield -2 write,denyoom 1,1,1 bitmap - RW.access.update.variable_flags@1~0,1,0
bitfield_ro -2 readonly,fast 1,1,1 bitmap - RO.access@1~0,1,0
bitop -4 write,denyoom 2,-1,1 bitmap - OW.update@2~0,1,0;RO.access@3~-1,1,0
bitpos -3 readonly 1,1,1 bitmap - RO.access@1~0,1,0
blmove 6 write,denyoom,noscript,blocking 1,2,1 list - RW.access.delete@1~0,1,0;RW.insert@2~0,1,0
blmpop -5 write,blocking,movablekeys 0,0,0 list - RW.access.delete@2#0,1,1
blpop -3 write,noscript,blocking 1,-2,1 list - RW.access.delete@1~-2,1,0
brpop -3 write,noscript,blocking 1,-2,1 list - RW.access.delete@1~-2,1,0
brpoplpush 4 write,denyoom,noscript,blocking 1,2,1 list - RW.access.delete@1~0,1,0;RW.insert@2~0,1,0
bzmpop -5 write,blocking,movablekeys 0,0,0 sortedset - RW.access.delete@2#0,1,1
bzpopmax -3 write,noscript,blocking,fast 1,-2,1 sortedset - RW.access.delete@1~-2,1,0
bzpopmin -3 write,noscript,blocking,fast 1,-2,1 sortedset - RW.access.delete@1~-2,1,0
client -2 - 0,0,0
client|kill -3 admin,noscript,loading,stale 0,0,0 connection
client|trackinginfo 2 noscript,loading,stale 0,0,0 connection
client|getname 2 noscript,loading,stale 0,0,0 connection
client|list -2 admin,noscript,loading,stale 0,0,0 connection nondeterministic_output
client|unpause 2 admin,noscript,loading,stale 0,0,0 connection
client|pause -3 admin,noscript,loading,stale 0,0,0 connection
client|info 2 noscript,loading,stale 0,0,0 connection nondeterministic_output
client|setname 3 noscript,loading,stale 0,0,0 connection
client|id 2 noscript,loading,stale 0,0,0 connection
client|caching 3 noscript,loading,stale 0,0,0 connection
client|getredir 2 noscript,loading,stale 0,0,0 connection
client|no-evict 3 admin,noscript,loading,stale 0,0,0 connection
client|unblock -3 admin,noscript,loading,stale 0,0,0 connection
client|help 2 loading,stale 0,0,0 connection
client|tracking -3 noscript,loading,stale 0,0,0 connection
client|reply 3 noscript,loading,stale 0,0,0 connection
cluster -2 - 0,0,0
cluster|slots 2 stale 0,0,0 - nondeterministic_output
cluster|saveconfig 2 admin,stale,no_async_loading 0,0,0
cluster|forget 3 admin,stale,no_async_loading 0,0,0
cluster|links 2 stale 0,0,0 - nondeterministic_output
cluster|setslot -4 admin,stale,no_async_loading 0,0,0
cluster|delslotsrange -4 admin,stale,no_async_loading 0,0,0
cluster|meet -4 admin,stale,no_async_loading 0,0,0
cluster|myid 2 stale 0,0,0
cluster|info 2 stale 0,0,0 - nondeterministic_output
cluster|replicas 3 admin,stale 0,0,0 - nondeterministic_output
cluster|countkeysinslot 3 stale 0,0,0
cluster|keyslot 3 stale 0,0,0
cluster|replicate 3 admin,stale,no_async_loading 0,0,0
cluster|nodes 2 stale 0,0,0 - nondeterministic_output
cluster|getkeysinslot 4 stale 0,0,0 - nondeterministic_output
cluster|addslots -3 admin,stale,no_async_loading 0,0,0
cluster|count-failure-reports 3 admin,stale 0,0,0 - nondeterministic_output
cluster|addslotsrange -4 admin,stale,no_async_loading 0,0,0
cluster|failover -2 admin,stale,no_async_loading 0,0,0
cluster|set-config-epoch 3 admin,stale,no_async_loading 0,0,0
cluster|shards 2 stale 0,0,0 - nondeterministic_output
cluster|reset -2 admin,noscript,stale 0,0,0
cluster|slaves 3 admin,stale 0,0,0 - nondeterministic_output
cluster|flushslots 2 admin,stale,no_async_loading 0,0,0
cluster|bumpepoch 2 admin,stale,no_async_loading 0,0,0 - nondeterministic_output
cluster|help 2 loading,stale 0,0,0
cluster|delslots -3 admin,stale,no_async_loading 0,0,0
command -1 loading,stale 0,0,0 connection nondeterministic_output_order
command|getkeysandflags -4 loading,stale 0,0,0 connection
command|getkeys -4 loading,stale 0,0,0 connection
command|count 2 loading,stale 0,0,0 connection
command|list -2 loading,stale 0,0,0 connection nondeterministic_output_order
command|docs -2 loading,stale 0,0,0 connection nondeterministic_output_order
command|help 2 loading,stale 0,0,0 connection
command|info -2 loading,stale 0,0,0 connection nondeterministic_output_order
config -2 - 0,0,0
config|rewrite 2 admin,noscript,loading,stale 0,0,0
config|resetstat 2 admin,noscript,loading,stale 0,0,0
config|get -3 admin,noscript,loading,stale 0,0,0
config|help 2 loading,stale 0,0,0
config|set -4 admin,noscript,loading,stale 0,0,0 - request_policy:all_nodes,response_policy:all_succeeded
copy -3 write,denyoom 1,2,1 keyspace - RO.access@1~0,1,0;OW.update@2~0,1,0
dbsize 1 readonly,fast 0,0,0 keyspace request_policy:all_shards,response_policy:agg_sum
debug -2 admin,noscript,loading,stale 0,0,0
decr 2 write,denyoom,fast 1,1,1 string - RW.access.update@1~0,1,0
decrby 3 write,denyoom,fast 1,1,1 string - RW.access.update@1~0,1,0
del -2 write 1,-1,1 keyspace request_policy:multi_shard,response_policy:agg_sum RM.delete@1~-1,1,0
discard 1 noscript,loading,stale,fast,allow_busy 0,0,0 transaction
dump 2 readonly 1,1,1 keyspace nondeterministic_output RO.access@1~0,1,0
echo 2 loading,stale,fast 0,0,0 connection
eval -3 noscript,stale,skip_monitor,no_mandatory_keys,movablekeys 0,0,0 scripting - RW.access.update@2#0,1,1
eval_ro -3 readonly,noscript,stale,skip_monitor,no_mandatory_keys,movablekeys 0,0,0 scripting - RO.access@2#0,1,1
evalsha -3 noscript,stale,skip_monitor,no_mandatory_keys,movablekeys 0,0,0 scripting - RW.access.update@2#0,1,1
evalsha_ro -3 readonly,noscript,stale,skip_monitor,no_mandatory_keys,movablekeys 0,0,0 scripting - RO.access@2#0,1,1
exec 1 noscript,loading,stale,skip_slowlog 0,0,0 transaction
exists -2 readonly,fast 1,-1,1 keyspace request_policy:multi_shard,response_policy:agg_sum RO@1~-1,1,0
expire -3 write,fast 1,1,1 keyspace - RW.update@1~0,1,0
expireat -3 write,fast 1,1,1 keyspace - RW.update@1~0,1,0
expiretime 2 readonly,fast 1,1,1 keyspace - RO.access@1~0,1,0
failover -1 admin,noscript,stale 0,0,0
fcall -3 noscript,stale,skip_monitor,no_mandatory_keys,movablekeys 0,0,0 scripting - RW.access.update@2#0,1,1
fcall_ro -3 readonly,noscript,stale,skip_monitor,no_mandatory_keys,movablekeys 0,0,0 scripting - RO.access@2#0,1,1
flushall -1 write 0,0,0 keyspace,dangerous request_policy:all_shards,response_policy:all_succeeded
flushdb -1 write 0,0,0 keyspace,dangerous request_policy:all_shards,response_policy:all_succeeded
function -2 - 0,0,0
function|flush -2 write,noscript 0,0,0 scripting request_policy:all_shards,response_policy:all_succeeded
function|kill 2 noscript,allow_busy 0,0,0 scripting request_policy:all_shards,response_policy:one_succeeded
function|dump 2 noscript 0,0,0 scripting
function|list -2 noscript 0,0,0 scripting nondeterministic_output_order
function|restore -3 write,denyoom,noscript 0,0,0 scripting request_policy:all_shards,response_policy:all_succeeded
function|help 2 loading,stale 0,0,0 scripting
function|delete 3 write,noscript 0,0,0 scripting request_policy:all_shards,response_policy:all_succeeded
function|load -3 write,denyoom,noscript 0,0,0 scripting request_policy:all_shards,response_policy:all_succeeded
function|stats 2 noscript,allow_busy 0,0,0 scripting nondeterministic_output,request_policy:all_shards,response_policy:special
geoadd -5 write,denyoom 1,1,1 geo - RW.update@1~0,1,0
geodist -4 readonly 1,1,1 geo - RO.access@1~0,1,0
geohash -2 readonly 1,1,1 geo - RO.access@1~0,1,0
geopos -2 readonly 1,1,1 geo - RO.access@1~0,1,0
georadius -6 write,denyoom,movablekeys 1,1,1 geo - RO.access@1~0,1,0;OW.update@STORE^6~0,1,0;OW.update@STOREDIST^6~0,1,0
georadius_ro -6 readonly 1,1,1 geo - RO.access@1~0,1,0
georadiusbymember -5 write,denyoom,movablekeys 1,1,1 geo - RO.access@1~0,1,0;OW.update@STORE^5~0,1,0;OW.update@STOREDIST^5~0,1,0
georadiusbymember_ro -5 readonly 1,1,1 geo - RO.access@1~0,1,0
geosearch -7 readonly 1,1,1 geo - RO.access@1~0,1,0
geosearchstore -8 write,denyoom 1,2,1 geo - OW.update@1~0,1,0;RO.access@2~0,1,0
get 2 readonly,fast 1,1,1 string - RO.access@1~0,1,0
getbit 3 readonly,fast 1,1,1 bitmap - RO.access@1~0,1,0
getdel 2 write,fast 1,1,1 string - RW.access.delete@1~0,1,0
getex -2 write,fast 1,1,1 string - RW.access.update@1~0,1,0
getrange 4 readonly 1,1,1 string - RO.access@1~0,1,0
getset 3 write,denyoom,fast 1,1,1 string - RW.access.update@1~0,1,0
hdel -3 write,fast 1,1,1 hash - RW.delete@1~0,1,0
hello -1 noscript,loading,stale,fast,no_auth,allow_busy 0,0,0 connection
hexists 3 readonly,fast 1,1,1 hash - RO@1~0,1,0
hget 3 readonly,fast 1,1,1 hash - RO.access@1~0,1,0
hgetall 2 readonly 1,1,1 hash nondeterministic_output_order RO.access@1~0,1,0
hincrby 4 write,denyoom,fast 1,1,1 hash - RW.access.update@1~0,1,0
hincrbyfloat 4 write,denyoom,fast 1,1,1 hash - RW.access.update@1~0,1,0
hkeys 2 readonly 1,1,1 hash nondeterministic_output_order RO.access@1~0,1,0
hlen 2 readonly,fast 1,1,1 hash - RO@1~0,1,0
hmget -3 readonly,fast 1,1,1 hash - RO.access@1~0,1,0
hmset -4 write,denyoom,fast 1,1,1 hash - RW.update@1~0,1,0
hrandfield -2 readonly 1,1,1 hash nondeterministic_output RO.access@1~0,1,0
hscan -3 readonly 1,1,1 hash nondeterministic_output RO.access@1~0,1,0
hset -4 write,denyoom,fast 1,1,1 hash - RW.update@1~0,1,0
hsetnx 4 write,denyoom,fast 1,1,1 hash - RW.insert@1~0,1,0
hstrlen 3 readonly,fast 1,1,1 hash - RO@1~0,1,0
hvals 2 readonly 1,1,1 hash nondeterministic_output_order RO.access@1~0,1,0
incr 2 write,denyoom,fast 1,1,1 string - RW.access.update@1~0,1,0
incrby 3 write,denyoom,fast 1,1,1 string - RW.access.update@1~0,1,0
incrbyfloat 3 write,denyoom,fast 1,1,1 string - RW.access.update@1~0,1,0
info -1 loading,stale 0,0,0 dangerous nondeterministic_output,request_policy:all_shards,response_policy:special
keys 2 readonly 0,0,0 keyspace,dangerous request_policy:all_shards,nondeterministic_output_order
lastsave 1 loading,stale,fast 0,0,0 admin,dangerous nondeterministic_output
latency -2 - 0,0,0
latency|graph 3 admin,noscript,loading,stale 0,0,0 - nondeterministic_output,request_policy:all_nodes,response_policy:special
latency|reset -2 admin,noscript,loading,stale 0,0,0 - request_policy:all_nodes,response_policy:all_succeeded
latency|histogram -2 admin,noscript,loading,stale 0,0,0 - nondeterministic_output,request_policy:all_nodes,response_policy:special
latency|latest 2 admin,noscript,loading,stale 0,0,0 - nondeterministic_output,request_policy:all_nodes,response_policy:special
latency|doctor 2 admin,noscript,loading,stale 0,0,0 - nondeterministic_output,request_policy:all_nodes,response_policy:special
latency|help 2 loading,stale 0,0,0
latency|history 3 admin,noscript,loading,stale 0,0,0 - nondeterministic_output,request_policy:all_nodes,response_policy:special
lcs -3 readonly 1,2,1 string - RO.access@1~1,1,0
lindex 3 readonly 1,1,1 list - RO.access@1~0,1,0
linsert 5 write,denyoom 1,1,1 list - RW.insert@1~0,1,0
llen 2 readonly,fast 1,1,1 list - RO@1~0,1,0
lmove 5 write,denyoom 1,2,1 list - RW.access.delete@1~0,1,0;RW.insert@2~0,1,0
lmpop -4 write,movablekeys 0,0,0 list - RW.access.delete@1#0,1,1
lolwut -1 readonly,fast 0,0,0
lpop -2 write,fast 1,1,1 list - RW.access.delete@1~0,1,0
lpos -3 readonly 1,1,1 list - RO.access@1~0,1,0
lpush -3 write,denyoom,fast 1,1,1 list - RW.insert@1~0,1,0
lpushx -3 write,denyoom,fast 1,1,1 list - RW.insert@1~0,1,0
lrange 4 readonly 1,1,1 list - RO.access@1~0,1,0
lrem 4 write 1,1,1 list - RW.delete@1~0,1,0
lset 4 write,denyoom 1,1,1 list - RW.update@1~0,1,0
ltrim 4 write 1,1,1 list - RW.delete@1~0,1,0
memory -2 - 0,0,0
memory|malloc-stats 2 - 0,0,0 - nondeterministic_output,request_policy:all_shards,response_policy:special
memory|help 2 loading,stale 0,0,0
memory|usage -3 readonly 2,2,1 - - RO@2~0,1,0
memory|doctor 2 - 0,0,0 - nondeterministic_output,request_policy:all_shards,response_policy:special
memory|purge 2 - 0,0,0 - request_policy:all_shards,response_policy:all_succeeded
memory|stats 2 - 0,0,0 - nondeterministic_output,request_policy:all_shards,response_policy:special
mget -2 readonly,fast 1,-1,1 string request_policy:multi_shard RO.access@1~-1,1,0
migrate -6 write,movablekeys 3,3,1 keyspace,dangerous nondeterministic_output RW.access.delete@3~0,1,0;RW.access.delete.incomplete@KEYS^-2~-1,1,0
module -2 - 0,0,0
module|loadex -3 admin,noscript,no_async_loading 0,0,0
module|help 2 loading,stale 0,0,0
module|load -3 admin,noscript,no_async_loading 0,0,0
module|list 2 admin,noscript 0,0,0 - nondeterministic_output_order
module|unload 3 admin,noscript,no_async_loading 0,0,0
monitor 1 admin,noscript,loading,stale 0,0,0
move 3 write,fast 1,1,1 keyspace - RW.access.update@1~0,1,0
mset -3 write,denyoom 1,-1,2 string request_policy:multi_shard,response_policy:all_succeeded OW.update@1~-1,2,0
msetnx -3 write,denyoom 1,-1,2 string request_policy:multi_shard,response_policy:agg_min OW.insert@1~-1,2,0
multi 1 noscript,loading,stale,fast,allow_busy 0,0,0 transaction
object -2 - 0,0,0
object|idletime 3 readonly 2,2,1 keyspace nondeterministic_output RO@2~0,1,0
object|help 2 loading,stale 0,0,0 keyspace
object|freq 3 readonly 2,2,1 keyspace nondeterministic_output RO@2~0,1,0
object|encoding 3 readonly 2,2,1 keyspace nondeterministic_output RO@2~0,1,0
object|refcount 3 readonly 2,2,1 keyspace nondeterministic_output RO@2~0,1,0
persist 2 write,fast 1,1,1 keyspace - RW.update@1~0,1,0
pexpire -3 write,fast 1,1,1 keyspace - RW.update@1~0,1,0
pexpireat -3 write,fast 1,1,1 keyspace - RW.update@1~0,1,0
pexpiretime 2 readonly,fast 1,1,1 keyspace - RO.access@1~0,1,0
pfadd -2 write,denyoom,fast 1,1,1 hyperloglog - RW.insert@1~0,1,0
pfcount -2 readonly 1,-1,1 hyperloglog - RW.access@1~-1,1,0
pfdebug 3 write,denyoom,admin 2,2,1 hyperloglog - RW.access@2~0,1,0
pfmerge -2 write,denyoom 1,-1,1 hyperloglog - RW.access.insert@1~0,1,0;RO.access@2~-1,1,0
pfselftest 1 admin 0,0,0 hyperloglog
ping -1 fast 0,0,0 connection request_policy:all_shards,response_policy:all_succeeded
psetex 4 write,denyoom 1,1,1 string - OW.update@1~0,1,0
psubscribe -2 pubsub,noscript,loading,stale 0,0,0
psync -3 admin,noscript,no_async_loading,no_multi 0,0,0
pttl 2 readonly,fast 1,1,1 keyspace nondeterministic_output RO.access@1~0,1,0
publish 3 pubsub,loading,stale,fast 0,0,0
pubsub -2 - 0,0,0
pubsub|shardnumsub -2 pubsub,loading,stale 0,0,0
pubsub|shardchannels -2 pubsub,loading,stale 0,0,0
pubsub|channels -2 pubsub,loading,stale 0,0,0
pubsub|help 2 loading,stale 0,0,0
pubsub|numpat 2 pubsub,loading,stale 0,0,0
pubsub|numsub -2 pubsub,loading,stale 0,0,0
punsubscribe -1 pubsub,noscript,loading,stale 0,0,0
quit -1 noscript,loading,stale,fast,no_auth,allow_busy 0,0,0 connection
randomkey 1 readonly 0,0,0 keyspace request_policy:all_shards,nondeterministic_output
readonly 1 loading,stale,fast 0,0,0 connection
readwrite 1 loading,stale,fast 0,0,0 connection
rename 3 write 1,2,1 keyspace - RW.access.delete@1~0,1,0;OW.update@2~0,1,0
renamenx 3 write,fast 1,2,1 keyspace - RW.access.delete@1~0,1,0;OW.insert@2~0,1,0
replconf -1 admin,noscript,loading,stale,allow_busy 0,0,0
replicaof 3 admin,noscript,stale,no_async_loading 0,0,0
reset 1 noscript,loading,stale,fast,no_auth,allow_busy 0,0,0 connection
restore -4 write,denyoom 1,1,1 keyspace,dangerous - OW.update@1~0,1,0
restore-asking -4 write,denyoom,asking 1,1,1 keyspace,dangerous - OW.update@1~0,1,0
role 1 noscript,loading,stale,fast 0,0,0 admin,dangerous
rpop -2 write,fast 1,1,1 list - RW.access.delete@1~0,1,0
rpoplpush 3 write,denyoom 1,2,1 list - RW.access.delete@1~0,1,0;RW.insert@2~0,1,0
rpush -3 write,denyoom,fast 1,1,1 list - RW.insert@1~0,1,0
rpushx -3 write,denyoom,fast 1,1,1 list - RW.insert@1~0,1,0
sadd -3 write,denyoom,fast 1,1,1 set - RW.insert@1~0,1,0
save 1 admin,noscript,no_async_loading,no_multi 0,0,0
scan -2 readonly 0,0,0 keyspace nondeterministic_output,request_policy:special
scard 2 readonly,fast 1,1,1 set - RO@1~0,1,0
script -2 - 0,0,0
script|help 2 loading,stale 0,0,0 scripting
script|exists -3 noscript 0,0,0 scripting request_policy:all_shards,response_policy:agg_logical_and
script|debug 3 noscript 0,0,0 scripting
script|flush -2 noscript 0,0,0 scripting request_policy:all_nodes,response_policy:all_succeeded
script|kill 2 noscript,allow_busy 0,0,0 scripting request_policy:all_shards,response_policy:one_succeeded
script|load 3 noscript,stale 0,0,0 scripting request_policy:all_nodes,response_policy:all_succeeded
sdiff -2 readonly 1,-1,1 set nondeterministic_output_order RO.access@1~-1,1,0
sdiffstore -3 write,denyoom 1,-1,1 set - OW.update@1~0,1,0;RO.access@2~-1,1,0
select 2 loading,stale,fast 0,0,0 connection
set -3 write,denyoom 1,1,1 string - RW.access.update.variable_flags@1~0,1,0
setbit 4 write,denyoom 1,1,1 bitmap - RW.access.update@1~0,1,0
setex 4 write,denyoom 1,1,1 string - OW.update@1~0,1,0
setnx 3 write,denyoom,fast 1,1,1 string - OW.insert@1~0,1,0
setrange 4 write,denyoom 1,1,1 string - RW.update@1~0,1,0
shutdown -1 admin,noscript,loading,stale,no_multi,allow_busy 0,0,0
sinter -2 readonly 1,-1,1 set nondeterministic_output_order RO.access@1~-1,1,0
sintercard -3 readonly,movablekeys 0,0,0 set - RO.access@1#0,1,1
sinterstore -3 write,denyoom 1,-1,1 set - RW.update@1~0,1,0;RO.access@2~-1,1,0
sismember 3 readonly,fast 1,1,1 set - RO@1~0,1,0
slaveof 3 admin,noscript,stale,no_async_loading 0,0,0
slowlog -2 - 0,0,0
slowlog|len 2 admin,loading,stale 0,0,0 - request_policy:all_nodes,response_policy:agg_sum,nondeterministic_output
slowlog|reset 2 admin,loading,stale 0,0,0 - request_policy:all_nodes,response_policy:all_succeeded
slowlog|get -2 admin,loading,stale 0,0,0 - request_policy:all_nodes,nondeterministic_output
slowlog|help 2 loading,stale 0,0,0
smembers 2 readonly 1,1,1 set nondeterministic_output_order RO.access@1~0,1,0
smismember -3 readonly,fast 1,1,1 set - RO.access@1~0,1,0
smove 4 write,fast 1,2,1 set - RW.access.delete@1~0,1,0;RW.insert@2~0,1,0
sort -2 write,denyoom,movablekeys 1,1,1 set,sortedset,list,dangerous - RO.access@1~0,1,0;RO.access@??;OW.update@??
sort_ro -2 readonly,movablekeys 1,1,1 set,sortedset,list,dangerous - RO.access@1~0,1,0;RO.access@??
spop -2 write,fast 1,1,1 set nondeterministic_output RW.access.delete@1~0,1,0
spublish 3 pubsub,loading,stale,fast 1,1,1 - - not_key@1~0,1,0
srandmember -2 readonly 1,1,1 set nondeterministic_output RO.access@1~0,1,0
srem -3 write,fast 1,1,1 set - RW.delete@1~0,1,0
sscan -3 readonly 1,1,1 set nondeterministic_output RO.access@1~0,1,0
ssubscribe -2 pubsub,noscript,loading,stale 1,-1,1 - - not_key@1~-1,1,0
strlen 2 readonly,fast 1,1,1 string - RO@1~0,1,0
subscribe -2 pubsub,noscript,loading,stale 0,0,0
substr 4 readonly 1,1,1 string - RO.access@1~0,1,0
sunion -2 readonly 1,-1,1 set nondeterministic_output_order RO.access@1~-1,1,0
sunionstore -3 write,denyoom 1,-1,1 set - OW.update@1~0,1,0;RO.access@2~-1,1,0
sunsubscribe -1 pubsub,noscript,loading,stale 1,-1,1 - - not_key@1~-1,1,0
swapdb 3 write,fast 0,0,0 keyspace,dangerous
sync 1 admin,noscript,no_async_loading,no_multi 0,0,0
time 1 loading,stale,fast 0,0,0 - nondeterministic_output
touch -2 readonly,fast 1,-1,1 keyspace request_policy:multi_shard,response_policy:agg_sum RO@1~-1,1,0
ttl 2 readonly,fast 1,1,1 keyspace nondeterministic_output RO.access@1~0,1,0
type 2 readonly,fast 1,1,1 keyspace - RO@1~0,1,0
unlink -2 write,fast 1,-1,1 keyspace request_policy:multi_shard,response_policy:agg_sum RM.delete@1~-1,1,0
unsubscribe -1 pubsub,noscript,loading,stale 0,0,0
unwatch 1 noscript,loading,stale,fast,allow_busy 0,0,0 transaction
wait 3 noscript 0,0,0 connection request_policy:all_shards,response_policy:agg_min
watch -2 noscript,loading,stale,fast,allow_busy 1,-1,1 transaction - RO@1~-1,1,0
xack -4 write,fast 1,1,1 stream - RW.update@1~0,1,0
xadd -5 write,denyoom,fast 1,1,1 stream nondeterministic_output RW.update@1~0,1,0
xautoclaim -6 write,fast 1,1,1 stream nondeterministic_output RW.delete@1~0,1,0
xclaim -6 write,fast 1,1,1 stream nondeterministic_output RW.update@1~0,1,0
xdel -3 write,fast 1,1,1 stream - RW.delete@1~0,1,0
xgroup -2 - 0,0,0
xgroup|delconsumer 5 write 2,2,1 stream - RW.delete@2~0,1,0
xgroup|create -5 write,denyoom 2,2,1 stream - RW.insert@2~0,1,0
xgroup|destroy 4 write 2,2,1 stream - RW.delete@2~0,1,0
xgroup|createconsumer 5 write,denyoom 2,2,1 stream - RW.insert@2~0,1,0
xgroup|setid -5 write 2,2,1 stream - RW.update@2~0,1,0
xgroup|help 2 loading,stale 0,0,0 stream
xinfo -2 - 0,0,0
xinfo|groups 3 readonly 2,2,1 stream - RO.access@2~0,1,0
xinfo|consumers 4 readonly 2,2,1 stream nondeterministic_output RO.access@2~0,1,0
xinfo|help 2 loading,stale 0,0,0 stream
xinfo|stream -3 readonly 2,2,1 stream - RO.access@2~0,1,0
xlen 2 readonly,fast 1,1,1 stream - RO@1~0,1,0
xpending -3 readonly 1,1,1 stream nondeterministic_output RO.access@1~0,1,0
xrange -4 readonly 1,1,1 stream - RO.access@1~0,1,0
xread -4 readonly,blocking,movablekeys 0,0,0 stream - RO.access@STREAMS^1~-1,1,2
xreadgroup -7 write,blocking,movablekeys 0,0,0 stream - RO.access@STREAMS^4~-1,1,2
xrevrange -4 readonly 1,1,1 stream - RO.access@1~0,1,0
xsetid -3 write,denyoom,fast 1,1,1 stream - RW.update@1~0,1,0
xtrim -4 write 1,1,1 stream nondeterministic_output RW.delete@1~0,1,0
zadd -4 write,denyoom,fast 1,1,1 sortedset - RW.update@1~0,1,0
zcard 2 readonly,fast 1,1,1 sortedset - RO@1~0,1,0
zcount 4 readonly,fast 1,1,1 sortedset - RO.access@1~0,1,0
zdiff -3 readonly,movablekeys 0,0,0 sortedset - RO.access@1#0,1,1
zdiffstore -4 write,denyoom,movablekeys 1,1,1 sortedset - OW.update@1~0,1,0;RO.access@2#0,1,1
zincrby 4 write,denyoom,fast 1,1,1 sortedset - RW.access.update@1~0,1,0
zinter -3 readonly,movablekeys 0,0,0 sortedset - RO.access@1#0,1,1
zintercard -3 readonly,movablekeys 0,0,0 sortedset - RO.access@1#0,1,1
zinterstore -4 write,denyoom,movablekeys 1,1,1 sortedset - OW.update@1~0,1,0;RO.access@2#0,1,1
zlexcount 4 readonly,fast 1,1,1 sortedset - RO.access@1~0,1,0
zmpop -4 write,movablekeys 0,0,0 sortedset - RW.access.delete@1#0,1,1
zmscore -3 readonly,fast 1,1,1 sortedset - RO.access@1~0,1,0
zpopmax -2 write,fast 1,1,1 sortedset - RW.access.delete@1~0,1,0
zpopmin -2 write,fast 1,1,1 sortedset - RW.access.delete@1~0,1,0
zrandmember -2 readonly 1,1,1 sortedset nondeterministic_output RO.access@1~0,1,0
zrange -4 readonly 1,1,1 sortedset - RO.access@1~0,1,0
zrangebylex -4 readonly 1,1,1 sortedset - RO.access@1~0,1,0
zrangebyscore -4 readonly 1,1,1 sortedset - RO.access@1~0,1,0
zrangestore -5 write,denyoom 1,2,1 sortedset - OW.update@1~0,1,0;RO.access@2~0,1,0
zrank 3 readonly,fast 1,1,1 sortedset - RO.access@1~0,1,0
zrem -3 write,fast 1,1,1 sortedset - RW.delete@1~0,1,0
zremrangebylex 4 write 1,1,1 sortedset - RW.delete@1~0,1,0
zremrangebyrank 4 write 1,1,1 sortedset - RW.delete@1~0,1,0
zremrangebyscore 4 write 1,1,1 sortedset - RW.delete@1~0,1,0
zrevrange -4 readonly 1,1,1 sortedset - RO.access@1~0,1,0
zrevrangebylex -4 readonly 1,1,1 sortedset - RO.access@1~0,1,0
zrevrangebyscore -4 readonly 1,1,1 sortedset - RO.access@1~0,1,0
zrevrank 3 readonly,fast 1,1,1 sortedset - RO.access@1~0,1,0
zscan -3 readonly 1,1,1 sortedset nondeterministic_output RO.access@1~0,1,0
zscore 3 readonly,fast 1,1,1 sortedset - RO.access@1~0,1,0
zunion -3 readonly,movablekeys 0,0,0 sortedset - RO.access@1#0,1,1
zunionstore -4 write,denyoom,movablekeys 1,1,1 sortedset - OW.update@1~0,1,0;RO.access@2#0,1,1
`;

/** Remarks on a command's keys, by name and number of the key's specification. */
export const KEY_NOTES: Readonly<Record<string, string>> = {
  "bitfield/0": "This command allows both access and modification of the key",
  "eval/0": "We cannot tell how the keys will be used so we assume the worst, RW and UPDATE",
  "eval_ro/0": "We cannot tell how the keys will be used so we assume the worst, RO and ACCESS",
  "fcall/0": "We cannot tell how the keys will be used so we assume the worst, RW and UPDATE",
  "fcall_ro/0": "We cannot tell how the keys will be used so we assume the worst, RO and ACCESS",
  "getex/0": "RW and UPDATE because it changes the TTL",
  "pfcount/0": "RW because it may change the internal representation of the key, and propagate to replicas",
  "set/0": "RW and ACCESS due to the optional `GET` argument",
  "sort/1":
    "For the optional BY/GET keyword. It is marked 'unknown' because the key names derive from the content of the key we sort",
  "sort/2":
    "For the optional STORE keyword. It is marked 'unknown' because the keyword can appear anywhere in the argument array",
  "sort_ro/1":
    "For the optional BY/GET keyword. It is marked 'unknown' because the key names derive from the content of the key we sort",
  "xadd/0": "UPDATE instead of INSERT because of the optional trimming feature",
};
