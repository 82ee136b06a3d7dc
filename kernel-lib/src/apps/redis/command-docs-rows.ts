/**
 * What Redis 7.0 tells of its commands by COMMAND DOCS (the text is Redis' own, under its BSD licence), one command a row, in fields parted by ` | `: name, since, group, summary,
 * complexity, flags (`deprecated;since;replaced by`), history (`version text ;; …`) and arguments. An argument is `name:type`, then `?` optional,
 * `*` multiple, `+` multiple with its token, the number of the key's specification, `=token`, `@since`, `~deprecated since` and `(its parts)`.
 * `-` is an empty field; empty fields at the end are left out.
 */
export const COMMAND_DOCS = `
acl | 6.0.0 | server | A container for Access List Control commands  | Depends on subcommand.
acl|load | 6.0.0 | server | Reload the ACLs from the configured ACL file | O(N). Where N is the number of configured users.
acl|getuser | 6.0.0 | server | Get the rules for a specific ACL user | O(N). Where N is the number of password, command and pattern rules that the user has. | - | 6.2.0 Added Pub/Sub channel patterns. ;; 7.0.0 Added selectors and changed the format of key and channel patterns from a list to their rule representation. | username:s
acl|dryrun | 7.0.0 | server | Returns whether the user can execute the given command without executing the command. | O(1). | - | - | username:s command:s arg:s?*
acl|save | 6.0.0 | server | Save the current ACL rules in the configured ACL file | O(N). Where N is the number of configured users.
acl|setuser | 6.0.0 | server | Modify or create the rules for a specific ACL user | O(N). Where N is the number of rules provided. | - | 6.2.0 Added Pub/Sub channel patterns. ;; 7.0.0 Added selectors and key based permissions. | username:s rule:s?*
acl|list | 6.0.0 | server | List the current ACL rules in ACL config file format | O(N). Where N is the number of configured users.
acl|users | 6.0.0 | server | List the username of all the configured ACL rules | O(N). Where N is the number of configured users.
acl|whoami | 6.0.0 | server | Return the name of the user associated to the current connection | O(1)
acl|log | 6.0.0 | server | List latest events denied because of ACLs in place | O(N) with N being the number of entries shown. | - | - | operation:o?(count:i reset:t=RESET)
acl|deluser | 6.0.0 | server | Remove the specified ACL users and the associated rules | O(1) amortized time considering the typical user. | - | - | username:s*
acl|genpass | 6.0.0 | server | Generate a pseudorandom secure password to use for ACL users | O(1) | - | - | bits:i?
acl|cat | 6.0.0 | server | List the ACL categories or the commands inside a category | O(1) since the categories and commands are a fixed set. | - | - | categoryname:s?
acl|help | 6.0.0 | server | Show helpful text about the different subcommands | O(1)
append | 2.0.0 | string | Append a value to a key | O(1). The amortized time complexity is O(1) assuming the appended value is small and the already present value is of any size, since the dynamic string library used by Redis will double the free space available on every reallocation. | - | - | key:k0 value:s
asking | 3.0.0 | cluster | Sent by cluster clients after an -ASK redirect | O(1)
auth | 1.0.0 | connection | Authenticate to the server | O(N) where N is the number of passwords defined for the user | - | 6.0.0 Added ACL style (username and password). | username:s?@6.0.0 password:s
bgrewriteaof | 1.0.0 | server | Asynchronously rewrite the append-only file | O(1)
bgsave | 1.0.0 | server | Asynchronously save the dataset to disk | O(1) | - | 3.2.2 Added the \`SCHEDULE\` option. | schedule:t?=SCHEDULE@3.2.2
bitcount | 2.6.0 | bitmap | Count set bits in a string | O(N) | - | 7.0.0 Added the \`BYTE|BIT\` option. | key:k0 index:b?(start:i end:i index_unit:o?@7.0.0(byte:t=BYTE bit:t=BIT))
bitfield | 3.2.0 | bitmap | Perform arbitrary bitfield integer operations on strings | O(1) for each subcommand specified | - | - | key:k0 operation:o?*(encoding_offset:b=GET(encoding:s offset:i) write:b(wrap_sat_fail:o?=OVERFLOW(wrap:t=WRAP sat:t=SAT fail:t=FAIL) write_operation:o(encoding_offset_value:b=SET(encoding:s offset:i value:i) encoding_offset_increment:b=INCRBY(encoding:s offset:i increment:i))))
bitfield_ro | 6.0.0 | bitmap | Perform arbitrary bitfield integer operations on strings. Read-only variant of BITFIELD | O(1) for each subcommand specified | - | - | key:k0 encoding_offset:b?*+=GET(encoding:s offset:i)
bitop | 2.6.0 | bitmap | Perform bitwise operations between strings | O(N) | - | - | operation:s destkey:k0 key:k*1
bitpos | 2.8.7 | bitmap | Find first bit set or clear in a string | O(N) | - | 7.0.0 Added the \`BYTE|BIT\` option. | key:k0 bit:i index:b?(start:i end_index:b?(end:i index_unit:o?@7.0.0(byte:t=BYTE bit:t=BIT)))
blmove | 6.2.0 | list | Pop an element from a list, push it to another list and return it; or block until one is available | O(1) | - | - | source:k0 destination:k1 wherefrom:o(left:t=LEFT right:t=RIGHT) whereto:o(left:t=LEFT right:t=RIGHT) timeout:d
blmpop | 7.0.0 | list | Pop elements from a list, or block until one is available | O(N+M) where N is the number of provided keys and M is the number of elements returned. | - | - | timeout:d numkeys:i key:k*0 where:o(left:t=LEFT right:t=RIGHT) count:i?=COUNT
blpop | 2.0.0 | list | Remove and get the first element in a list, or block until one is available | O(N) where N is the number of provided keys. | - | 6.0.0 \`timeout\` is interpreted as a double instead of an integer. | key:k*0 timeout:d
brpop | 2.0.0 | list | Remove and get the last element in a list, or block until one is available | O(N) where N is the number of provided keys. | - | 6.0.0 \`timeout\` is interpreted as a double instead of an integer. | key:k*0 timeout:d
brpoplpush | 2.2.0 | list | Pop an element from a list, push it to another list and return it; or block until one is available | O(1) | deprecated;6.2.0;\`BLMOVE\` with the \`RIGHT\` and \`LEFT\` arguments | 6.0.0 \`timeout\` is interpreted as a double instead of an integer. | source:k0 destination:k1 timeout:d
bzmpop | 7.0.0 | sorted-set | Remove and return members with scores in a sorted set or block until one is available | O(K) + O(M*log(N)) where K is the number of provided keys, N being the number of elements in the sorted set, and M being the number of elements popped. | - | - | timeout:d numkeys:i key:k*0 where:o(min:t=MIN max:t=MAX) count:i?=COUNT
bzpopmax | 5.0.0 | sorted-set | Remove and return the member with the highest score from one or more sorted sets, or block until one is available | O(log(N)) with N being the number of elements in the sorted set. | - | 6.0.0 \`timeout\` is interpreted as a double instead of an integer. | key:k*0 timeout:d
bzpopmin | 5.0.0 | sorted-set | Remove and return the member with the lowest score from one or more sorted sets, or block until one is available | O(log(N)) with N being the number of elements in the sorted set. | - | 6.0.0 \`timeout\` is interpreted as a double instead of an integer. | key:k*0 timeout:d
client | 2.4.0 | connection | A container for client connection commands | Depends on subcommand.
client|kill | 2.4.0 | connection | Kill the connection of a client | O(N) where N is the number of client connections | - | 2.8.12 Added new filter format. ;; 2.8.12 \`ID\` option. ;; 3.2.0 Added \`master\` type in for \`TYPE\` option. ;; 5.0.0 Replaced \`slave\` \`TYPE\` with \`replica\`. \`slave\` still supported for backward compatibility. ;; 6.2.0 \`LADDR\` option. | filter:o(ip:port:s~2.8.12 new-format:o*(client-id:i?=ID@2.8.12 normal_master_slave_pubsub:o?=TYPE@2.8.12(normal:t=NORMAL master:t=MASTER@3.2.0 slave:t=SLAVE replica:t=REPLICA@5.0.0 pubsub:t=PUBSUB) username:s?=USER ip:port:s?=ADDR ip:port:s?=LADDR@6.2.0 yes/no:s?=SKIPME))
client|trackinginfo | 6.2.0 | connection | Return information about server assisted client side caching for the current connection | O(1)
client|getname | 2.6.9 | connection | Get the current connection name | O(1)
client|list | 2.4.0 | connection | Get the list of client connections | O(N) where N is the number of client connections | - | 2.8.12 Added unique client \`id\` field. ;; 5.0.0 Added optional \`TYPE\` filter. ;; 6.0.0 Added \`user\` field. ;; 6.2.0 Added \`argv-mem\`, \`tot-mem\`, \`laddr\` and \`redir\` fields and the optional \`ID\` filter. ;; 7.0.0 Added \`resp\`, \`multi-mem\`, \`rbs\` and \`rbp\` fields. ;; 7.0.3 Added \`ssub\` field. | normal_master_replica_pubsub:o?=TYPE@5.0.0(normal:t=NORMAL master:t=MASTER replica:t=REPLICA pubsub:t=PUBSUB) id:b?=ID@6.2.0(client-id:i*)
client|unpause | 6.2.0 | connection | Resume processing of clients that were paused | O(N) Where N is the number of paused clients
client|pause | 2.9.50 | connection | Stop processing commands from clients for some time | O(1) | - | 6.2.0 \`CLIENT PAUSE WRITE\` mode added along with the \`mode\` option. | timeout:i mode:o?@6.2.0(write:t=WRITE all:t=ALL)
client|info | 6.2.0 | connection | Returns information about the current client connection. | O(1)
client|setname | 2.6.9 | connection | Set the current connection name | O(1) | - | - | connection-name:s
client|id | 5.0.0 | connection | Returns the client ID for the current connection | O(1)
client|caching | 6.0.0 | connection | Instruct the server about tracking or not keys in the next request | O(1) | - | - | mode:o(yes:t=YES no:t=NO)
client|getredir | 6.0.0 | connection | Get tracking notifications redirection client ID if any | O(1)
client|no-evict | 7.0.0 | connection | Set client eviction mode for the current connection | O(1) | - | - | enabled:o(on:t=ON off:t=OFF)
client|unblock | 5.0.0 | connection | Unblock a client blocked in a blocking command from a different connection | O(log N) where N is the number of client connections | - | - | client-id:i timeout_error:o?(timeout:t=TIMEOUT error:t=ERROR)
client|help | 5.0.0 | connection | Show helpful text about the different subcommands | O(1)
client|tracking | 6.0.0 | connection | Enable or disable server assisted client side caching support | O(1). Some options may introduce additional complexity. | - | - | status:o(on:t=ON off:t=OFF) client-id:i?=REDIRECT prefix:s?*+=PREFIX bcast:t?=BCAST optin:t?=OPTIN optout:t?=OPTOUT noloop:t?=NOLOOP
client|reply | 3.2.0 | connection | Instruct the server whether to reply to commands | O(1) | - | - | on_off_skip:o(on:t=ON off:t=OFF skip:t=SKIP)
cluster | 3.0.0 | cluster | A container for cluster commands | Depends on subcommand.
cluster|slots | 3.0.0 | cluster | Get array of Cluster slot to node mappings | O(N) where N is the total number of Cluster nodes | deprecated;7.0.0;\`CLUSTER SHARDS\` | 4.0.0 Added node IDs. ;; 7.0.0 Added additional networking metadata field.
cluster|saveconfig | 3.0.0 | cluster | Forces the node to save cluster state on disk | O(1)
cluster|forget | 3.0.0 | cluster | Remove a node from the nodes table | O(1) | - | - | node-id:s
cluster|links | 7.0.0 | cluster | Returns a list of all TCP links to and from peer nodes in cluster | O(N) where N is the total number of Cluster nodes
cluster|setslot | 3.0.0 | cluster | Bind a hash slot to a specific node | O(1) | - | - | slot:i subcommand:o(node-id:s=IMPORTING node-id:s=MIGRATING node-id:s=NODE stable:t=STABLE)
cluster|delslotsrange | 7.0.0 | cluster | Set hash slots as unbound in receiving node | O(N) where N is the total number of the slots between the start slot and end slot arguments. | - | - | start-slot_end-slot:b*(start-slot:i end-slot:i)
cluster|meet | 3.0.0 | cluster | Force a node cluster to handshake with another node | O(1) | - | 4.0.0 Added the optional \`cluster_bus_port\` argument. | ip:s port:i cluster_bus_port:i?@4.0.0
cluster|myid | 3.0.0 | cluster | Return the node id | O(1)
cluster|info | 3.0.0 | cluster | Provides info about Redis Cluster node state | O(1)
cluster|replicas | 5.0.0 | cluster | List replica nodes of the specified master node | O(1) | - | - | node-id:s
cluster|countkeysinslot | 3.0.0 | cluster | Return the number of local keys in the specified hash slot | O(1) | - | - | slot:i
cluster|keyslot | 3.0.0 | cluster | Returns the hash slot of the specified key | O(N) where N is the number of bytes in the key | - | - | key:s
cluster|replicate | 3.0.0 | cluster | Reconfigure a node as a replica of the specified master node | O(1) | - | - | node-id:s
cluster|nodes | 3.0.0 | cluster | Get Cluster config for the node | O(N) where N is the total number of Cluster nodes
cluster|getkeysinslot | 3.0.0 | cluster | Return local key names in the specified hash slot | O(log(N)) where N is the number of requested keys | - | - | slot:i count:i
cluster|addslots | 3.0.0 | cluster | Assign new hash slots to receiving node | O(N) where N is the total number of hash slot arguments | - | - | slot:i*
cluster|count-failure-reports | 3.0.0 | cluster | Return the number of failure reports active for a given node | O(N) where N is the number of failure reports | - | - | node-id:s
cluster|addslotsrange | 7.0.0 | cluster | Assign new hash slots to receiving node | O(N) where N is the total number of the slots between the start slot and end slot arguments. | - | - | start-slot_end-slot:b*(start-slot:i end-slot:i)
cluster|failover | 3.0.0 | cluster | Forces a replica to perform a manual failover of its master. | O(1) | - | - | options:o?(force:t=FORCE takeover:t=TAKEOVER)
cluster|set-config-epoch | 3.0.0 | cluster | Set the configuration epoch in a new node | O(1) | - | - | config-epoch:i
cluster|shards | 7.0.0 | cluster | Get array of cluster slots to node mappings | O(N) where N is the total number of cluster nodes
cluster|reset | 3.0.0 | cluster | Reset a Redis Cluster node | O(N) where N is the number of known nodes. The command may execute a FLUSHALL as a side effect. | - | - | hard_soft:o?(hard:t=HARD soft:t=SOFT)
cluster|slaves | 3.0.0 | cluster | List replica nodes of the specified master node | O(1) | deprecated;5.0.0;\`CLUSTER REPLICAS\` | - | node-id:s
cluster|flushslots | 3.0.0 | cluster | Delete a node's own slots information | O(1)
cluster|bumpepoch | 3.0.0 | cluster | Advance the cluster config epoch | O(1)
cluster|help | 5.0.0 | cluster | Show helpful text about the different subcommands | O(1)
cluster|delslots | 3.0.0 | cluster | Set hash slots as unbound in receiving node | O(N) where N is the total number of hash slot arguments | - | - | slot:i*
command | 2.8.13 | server | Get array of Redis command details | O(N) where N is the total number of Redis commands
command|getkeysandflags | 7.0.0 | server | Extract keys and access flags given a full Redis command | O(N) where N is the number of arguments to the command
command|getkeys | 2.8.13 | server | Extract keys given a full Redis command | O(N) where N is the number of arguments to the command
command|count | 2.8.13 | server | Get total number of Redis commands | O(1)
command|list | 7.0.0 | server | Get an array of Redis command names | O(N) where N is the total number of Redis commands | - | - | filterby:o?=FILTERBY(module-name:s=MODULE category:s=ACLCAT pattern:p=PATTERN)
command|docs | 7.0.0 | server | Get array of specific Redis command documentation | O(N) where N is the number of commands to look up | - | - | command-name:s?*
command|help | 5.0.0 | server | Show helpful text about the different subcommands | O(1)
command|info | 2.8.13 | server | Get array of specific Redis command details, or all when no argument is given. | O(N) where N is the number of commands to look up | - | 7.0.0 Allowed to be called with no argument to get info on all commands. | command-name:s?*
config | 2.0.0 | server | A container for server configuration commands | Depends on subcommand.
config|rewrite | 2.8.0 | server | Rewrite the configuration file with the in memory configuration | O(1)
config|resetstat | 2.0.0 | server | Reset the stats returned by INFO | O(1)
config|get | 2.0.0 | server | Get the values of configuration parameters | O(N) when N is the number of configuration parameters provided | - | 7.0.0 Added the ability to pass multiple pattern parameters in one call | parameter:b*(parameter:s)
config|help | 5.0.0 | server | Show helpful text about the different subcommands | O(1)
config|set | 2.0.0 | server | Set configuration parameters to the given values | O(N) when N is the number of configuration parameters provided | - | 7.0.0 Added the ability to set multiple parameters in one call. | parameter_value:b*(parameter:s value:s)
copy | 6.2.0 | generic | Copy a key | O(N) worst case for collections, where N is the number of nested items. O(1) for string values. | - | - | source:k0 destination:k1 destination-db:i?=DB replace:t?=REPLACE
dbsize | 1.0.0 | server | Return the number of keys in the selected database | O(1)
debug | 1.0.0 | server | A container for debugging commands | Depends on subcommand. | syscmd
decr | 1.0.0 | string | Decrement the integer value of a key by one | O(1) | - | - | key:k0
decrby | 1.0.0 | string | Decrement the integer value of a key by the given number | O(1) | - | - | key:k0 decrement:i
del | 1.0.0 | generic | Delete a key | O(N) where N is the number of keys that will be removed. When a key to remove holds a value other than a string, the individual complexity for this key is O(M) where M is the number of elements in the list, set, sorted set or hash. Removing a single key that holds a string value is O(1). | - | - | key:k*0
discard | 2.0.0 | transactions | Discard all commands issued after MULTI | O(N), when N is the number of queued commands
dump | 2.6.0 | generic | Return a serialized version of the value stored at the specified key. | O(1) to access the key and additional O(N*M) to serialize it, where N is the number of Redis objects composing the value and M their average size. For small string values the time complexity is thus O(1)+O(1*M) where M is small, so simply O(1). | - | - | key:k0
echo | 1.0.0 | connection | Echo the given string | O(1) | - | - | message:s
eval | 2.6.0 | scripting | Execute a Lua script server side | Depends on the script that is executed. | - | - | script:s numkeys:i key:k?*0 arg:s?*
eval_ro | 7.0.0 | scripting | Execute a read-only Lua script server side | Depends on the script that is executed. | - | - | script:s numkeys:i key:k?*0 arg:s?*
evalsha | 2.6.0 | scripting | Execute a Lua script server side | Depends on the script that is executed. | - | - | sha1:s numkeys:i key:k?*0 arg:s?*
evalsha_ro | 7.0.0 | scripting | Execute a read-only Lua script server side | Depends on the script that is executed. | - | - | sha1:s numkeys:i key:k?*0 arg:s?*
exec | 1.2.0 | transactions | Execute all commands issued after MULTI | Depends on commands in the transaction
exists | 1.0.0 | generic | Determine if a key exists | O(N) where N is the number of keys to check. | - | 3.0.3 Accepts multiple \`key\` arguments. | key:k*0
expire | 1.0.0 | generic | Set a key's time to live in seconds | O(1) | - | 7.0.0 Added options: \`NX\`, \`XX\`, \`GT\` and \`LT\`. | key:k0 seconds:i condition:o?@7.0.0(nx:t=NX xx:t=XX gt:t=GT lt:t=LT)
expireat | 1.2.0 | generic | Set the expiration for a key as a UNIX timestamp | O(1) | - | 7.0.0 Added options: \`NX\`, \`XX\`, \`GT\` and \`LT\`. | key:k0 unix-time-seconds:u condition:o?@7.0.0(nx:t=NX xx:t=XX gt:t=GT lt:t=LT)
expiretime | 7.0.0 | generic | Get the expiration Unix timestamp for a key | O(1) | - | - | key:k0
failover | 6.2.0 | server | Start a coordinated failover between this server and one of its replicas. | O(1) | - | - | target:b?=TO(host:s port:i force:t?=FORCE) abort:t?=ABORT milliseconds:i?=TIMEOUT
fcall | 7.0.0 | scripting | Invoke a function | Depends on the function that is executed. | - | - | function:s numkeys:i key:k?*0 arg:s?*
fcall_ro | 7.0.0 | scripting | Invoke a read-only function | Depends on the function that is executed. | - | - | function:s numkeys:i key:k?*0 arg:s?*
flushall | 1.0.0 | server | Remove all keys from all databases | O(N) where N is the total number of keys in all databases | - | 4.0.0 Added the \`ASYNC\` flushing mode modifier. ;; 6.2.0 Added the \`SYNC\` flushing mode modifier. | async:o?(async:t=ASYNC@4.0.0 sync:t=SYNC@6.2.0)
flushdb | 1.0.0 | server | Remove all keys from the current database | O(N) where N is the number of keys in the selected database | - | 4.0.0 Added the \`ASYNC\` flushing mode modifier. ;; 6.2.0 Added the \`SYNC\` flushing mode modifier. | async:o?(async:t=ASYNC@4.0.0 sync:t=SYNC@6.2.0)
function | 7.0.0 | scripting | A container for function commands | Depends on subcommand.
function|flush | 7.0.0 | scripting | Deleting all functions | O(N) where N is the number of functions deleted | - | - | async:o?(async:t=ASYNC sync:t=SYNC)
function|kill | 7.0.0 | scripting | Kill the function currently in execution. | O(1)
function|dump | 7.0.0 | scripting | Dump all functions into a serialized binary payload | O(N) where N is the number of functions
function|list | 7.0.0 | scripting | List information about all the functions | O(N) where N is the number of functions | - | - | library-name-pattern:s?=LIBRARYNAME withcode:t?=WITHCODE
function|restore | 7.0.0 | scripting | Restore all the functions on the given payload | O(N) where N is the number of functions on the payload | - | - | serialized-value:s policy:o?(flush:t=FLUSH append:t=APPEND replace:t=REPLACE)
function|help | 7.0.0 | scripting | Show helpful text about the different subcommands | O(1)
function|delete | 7.0.0 | scripting | Delete a function by name | O(1) | - | - | library-name:s
function|load | 7.0.0 | scripting | Create a function with the given arguments (name, code, description) | O(1) (considering compilation time is redundant) | - | - | replace:t?=REPLACE function-code:s
function|stats | 7.0.0 | scripting | Return information about the function currently running (name, description, duration) | O(1)
geoadd | 3.2.0 | geo | Add one or more geospatial items in the geospatial index represented using a sorted set | O(log(N)) for each item added, where N is the number of elements in the sorted set. | - | 6.2.0 Added the \`CH\`, \`NX\` and \`XX\` options. | key:k0 condition:o?@6.2.0(nx:t=NX xx:t=XX) change:t?=CH@6.2.0 longitude_latitude_member:b*(longitude:d latitude:d member:s)
geodist | 3.2.0 | geo | Returns the distance between two members of a geospatial index | O(log(N)) | - | - | key:k0 member1:s member2:s unit:o?(m:t=M km:t=KM ft:t=FT mi:t=MI)
geohash | 3.2.0 | geo | Returns members of a geospatial index as standard geohash strings | O(log(N)) for each member requested, where N is the number of elements in the sorted set. | - | - | key:k0 member:s*
geopos | 3.2.0 | geo | Returns longitude and latitude of members of a geospatial index | O(N) where N is the number of members requested. | - | - | key:k0 member:s*
georadius | 3.2.0 | geo | Query a sorted set representing a geospatial index to fetch members matching a given maximum distance from a point | O(N+log(M)) where N is the number of elements inside the bounding box of the circular area delimited by center and radius and M is the number of items inside the index. | deprecated;6.2.0;\`GEOSEARCH\` and \`GEOSEARCHSTORE\` with the \`BYRADIUS\` argument | 6.2.0 Added the \`ANY\` option for \`COUNT\`. ;; 7.0.0 Added support for uppercase unit names. | key:k0 longitude:d latitude:d radius:d unit:o(m:t=M km:t=KM ft:t=FT mi:t=MI) withcoord:t?=WITHCOORD withdist:t?=WITHDIST withhash:t?=WITHHASH count:b?(count:i=COUNT any:t?=ANY@6.2.0) order:o?(asc:t=ASC desc:t=DESC) key:k?1=STORE key:k?2=STOREDIST
georadius_ro | 3.2.10 | geo | A read-only variant for GEORADIUS | O(N+log(M)) where N is the number of elements inside the bounding box of the circular area delimited by center and radius and M is the number of items inside the index. | deprecated;6.2.0;\`GEOSEARCH\` with the \`BYRADIUS\` argument | 6.2.0 Added the \`ANY\` option for \`COUNT\`. | key:k0 longitude:d latitude:d radius:d unit:o(m:t=M km:t=KM ft:t=FT mi:t=MI) withcoord:t?=WITHCOORD withdist:t?=WITHDIST withhash:t?=WITHHASH count:b?(count:i=COUNT any:t?=ANY@6.2.0) order:o?(asc:t=ASC desc:t=DESC)
georadiusbymember | 3.2.0 | geo | Query a sorted set representing a geospatial index to fetch members matching a given maximum distance from a member | O(N+log(M)) where N is the number of elements inside the bounding box of the circular area delimited by center and radius and M is the number of items inside the index. | deprecated;6.2.0;\`GEOSEARCH\` and \`GEOSEARCHSTORE\` with the \`BYRADIUS\` and \`FROMMEMBER\` arguments | 7.0.0 Added support for uppercase unit names. | key:k0 member:s radius:d unit:o(m:t=M km:t=KM ft:t=FT mi:t=MI) withcoord:t?=WITHCOORD withdist:t?=WITHDIST withhash:t?=WITHHASH count:b?(count:i=COUNT any:t?=ANY) order:o?(asc:t=ASC desc:t=DESC) key:k?1=STORE key:k?2=STOREDIST
georadiusbymember_ro | 3.2.10 | geo | A read-only variant for GEORADIUSBYMEMBER | O(N+log(M)) where N is the number of elements inside the bounding box of the circular area delimited by center and radius and M is the number of items inside the index. | deprecated;6.2.0;\`GEOSEARCH\` with the \`BYRADIUS\` and \`FROMMEMBER\` arguments | - | key:k0 member:s radius:d unit:o(m:t=M km:t=KM ft:t=FT mi:t=MI) withcoord:t?=WITHCOORD withdist:t?=WITHDIST withhash:t?=WITHHASH count:b?(count:i=COUNT any:t?=ANY) order:o?(asc:t=ASC desc:t=DESC)
geosearch | 6.2.0 | geo | Query a sorted set representing a geospatial index to fetch members inside an area of a box or a circle. | O(N+log(M)) where N is the number of elements in the grid-aligned bounding box area around the shape provided as the filter and M is the number of items inside the shape | - | 7.0.0 Added support for uppercase unit names. | key:k0 from:o(member:s=FROMMEMBER longitude_latitude:b=FROMLONLAT(longitude:d latitude:d)) by:o(circle:b(radius:d=BYRADIUS unit:o(m:t=M km:t=KM ft:t=FT mi:t=MI)) box:b(width:d=BYBOX height:d unit:o(m:t=M km:t=KM ft:t=FT mi:t=MI))) order:o?(asc:t=ASC desc:t=DESC) count:b?(count:i=COUNT any:t?=ANY) withcoord:t?=WITHCOORD withdist:t?=WITHDIST withhash:t?=WITHHASH
geosearchstore | 6.2.0 | geo | Query a sorted set representing a geospatial index to fetch members inside an area of a box or a circle, and store the result in another key. | O(N+log(M)) where N is the number of elements in the grid-aligned bounding box area around the shape provided as the filter and M is the number of items inside the shape | - | 7.0.0 Added support for uppercase unit names. | destination:k0 source:k1 from:o(member:s=FROMMEMBER longitude_latitude:b=FROMLONLAT(longitude:d latitude:d)) by:o(circle:b(radius:d=BYRADIUS unit:o(m:t=M km:t=KM ft:t=FT mi:t=MI)) box:b(width:d=BYBOX height:d unit:o(m:t=M km:t=KM ft:t=FT mi:t=MI))) order:o?(asc:t=ASC desc:t=DESC) count:b?(count:i=COUNT any:t?=ANY) storedist:t?=STOREDIST
get | 1.0.0 | string | Get the value of a key | O(1) | - | - | key:k0
getbit | 2.2.0 | bitmap | Returns the bit value at offset in the string value stored at key | O(1) | - | - | key:k0 offset:i
getdel | 6.2.0 | string | Get the value of a key and delete the key | O(1) | - | - | key:k0
getex | 6.2.0 | string | Get the value of a key and optionally set its expiration | O(1) | - | - | key:k0 expiration:o?(seconds:i=EX milliseconds:i=PX unix-time-seconds:u=EXAT unix-time-milliseconds:u=PXAT persist:t=PERSIST)
getrange | 2.4.0 | string | Get a substring of the string stored at a key | O(N) where N is the length of the returned string. The complexity is ultimately determined by the returned length, but because creating a substring from an existing string is very cheap, it can be considered O(1) for small strings. | - | - | key:k0 start:i end:i
getset | 1.0.0 | string | Set the string value of a key and return its old value | O(1) | deprecated;6.2.0;\`SET\` with the \`!GET\` argument | - | key:k0 value:s
hdel | 2.0.0 | hash | Delete one or more hash fields | O(N) where N is the number of fields to be removed. | - | 2.4.0 Accepts multiple \`field\` arguments. | key:k0 field:s*
hello | 6.0.0 | connection | Handshake with Redis | O(1) | - | 6.2.0 \`protover\` made optional; when called without arguments the command reports the current connection's context. | arguments:b?(protover:i username_password:b?=AUTH(username:s password:s) clientname:s?=SETNAME)
hexists | 2.0.0 | hash | Determine if a hash field exists | O(1) | - | - | key:k0 field:s
hget | 2.0.0 | hash | Get the value of a hash field | O(1) | - | - | key:k0 field:s
hgetall | 2.0.0 | hash | Get all the fields and values in a hash | O(N) where N is the size of the hash. | - | - | key:k0
hincrby | 2.0.0 | hash | Increment the integer value of a hash field by the given number | O(1) | - | - | key:k0 field:s increment:i
hincrbyfloat | 2.6.0 | hash | Increment the float value of a hash field by the given amount | O(1) | - | - | key:k0 field:s increment:d
hkeys | 2.0.0 | hash | Get all the fields in a hash | O(N) where N is the size of the hash. | - | - | key:k0
hlen | 2.0.0 | hash | Get the number of fields in a hash | O(1) | - | - | key:k0
hmget | 2.0.0 | hash | Get the values of all the given hash fields | O(N) where N is the number of fields being requested. | - | - | key:k0 field:s*
hmset | 2.0.0 | hash | Set multiple hash fields to multiple values | O(N) where N is the number of fields being set. | deprecated;4.0.0;\`HSET\` with multiple field-value pairs | - | key:k0 field_value:b*(field:s value:s)
hrandfield | 6.2.0 | hash | Get one or multiple random fields from a hash | O(N) where N is the number of fields returned | - | - | key:k0 options:b?(count:i withvalues:t?=WITHVALUES)
hscan | 2.8.0 | hash | Incrementally iterate hash fields and associated values | O(1) for every call. O(N) for a complete iteration, including enough command calls for the cursor to return back to 0. N is the number of elements inside the collection.. | - | - | key:k0 cursor:i pattern:p?=MATCH count:i?=COUNT
hset | 2.0.0 | hash | Set the string value of a hash field | O(1) for each field/value pair added, so O(N) to add N field/value pairs when the command is called with multiple field/value pairs. | - | 4.0.0 Accepts multiple \`field\` and \`value\` arguments. | key:k0 field_value:b*(field:s value:s)
hsetnx | 2.0.0 | hash | Set the value of a hash field, only if the field does not exist | O(1) | - | - | key:k0 field:s value:s
hstrlen | 3.2.0 | hash | Get the length of the value of a hash field | O(1) | - | - | key:k0 field:s
hvals | 2.0.0 | hash | Get all the values in a hash | O(N) where N is the size of the hash. | - | - | key:k0
incr | 1.0.0 | string | Increment the integer value of a key by one | O(1) | - | - | key:k0
incrby | 1.0.0 | string | Increment the integer value of a key by the given amount | O(1) | - | - | key:k0 increment:i
incrbyfloat | 2.6.0 | string | Increment the float value of a key by the given amount | O(1) | - | - | key:k0 increment:d
info | 1.0.0 | server | Get information and statistics about the server | O(1) | - | 7.0.0 Added support for taking multiple section arguments. | section:s?*
keys | 1.0.0 | generic | Find all keys matching the given pattern | O(N) with N being the number of keys in the database, under the assumption that the key names in the database and the given pattern have limited length. | - | - | pattern:p
lastsave | 1.0.0 | server | Get the UNIX time stamp of the last successful save to disk | O(1)
latency | 2.8.13 | server | A container for latency diagnostics commands | Depends on subcommand.
latency|graph | 2.8.13 | server | Return a latency graph for the event. | O(1) | - | - | event:s
latency|reset | 2.8.13 | server | Reset latency data for one or more events. | O(1) | - | - | event:s?*
latency|histogram | 7.0.0 | server | Return the cumulative distribution of latencies of a subset of commands or all. | O(N) where N is the number of commands with latency information being retrieved. | - | - | command:s?*
latency|latest | 2.8.13 | server | Return the latest latency samples for all events. | O(1)
latency|doctor | 2.8.13 | server | Return a human readable latency analysis report. | O(1)
latency|help | 2.8.13 | server | Show helpful text about the different subcommands. | O(1)
latency|history | 2.8.13 | server | Return timestamp-latency samples for the event. | O(1) | - | - | event:s
lcs | 7.0.0 | string | Find longest common substring | O(N*M) where N and M are the lengths of s1 and s2, respectively | - | - | key1:k0 key2:k0 len:t?=LEN idx:t?=IDX len:i?=MINMATCHLEN withmatchlen:t?=WITHMATCHLEN
lindex | 1.0.0 | list | Get an element from a list by its index | O(N) where N is the number of elements to traverse to get to the element at index. This makes asking for the first or the last element of the list O(1). | - | - | key:k0 index:i
linsert | 2.2.0 | list | Insert an element before or after another element in a list | O(N) where N is the number of elements to traverse before seeing the value pivot. This means that inserting somewhere on the left end on the list (head) can be considered O(1) and inserting somewhere on the right end (tail) is O(N). | - | - | key:k0 where:o(before:t=BEFORE after:t=AFTER) pivot:s element:s
llen | 1.0.0 | list | Get the length of a list | O(1) | - | - | key:k0
lmove | 6.2.0 | list | Pop an element from a list, push it to another list and return it | O(1) | - | - | source:k0 destination:k1 wherefrom:o(left:t=LEFT right:t=RIGHT) whereto:o(left:t=LEFT right:t=RIGHT)
lmpop | 7.0.0 | list | Pop elements from a list | O(N+M) where N is the number of provided keys and M is the number of elements returned. | - | - | numkeys:i key:k*0 where:o(left:t=LEFT right:t=RIGHT) count:i?=COUNT
lolwut | 5.0.0 | server | Display some computer art and the Redis version | - | - | - | version:i?=VERSION
lpop | 1.0.0 | list | Remove and get the first elements in a list | O(N) where N is the number of elements returned | - | 6.2.0 Added the \`count\` argument. | key:k0 count:i?@6.2.0
lpos | 6.0.6 | list | Return the index of matching elements on a list | O(N) where N is the number of elements in the list, for the average case. When searching for elements near the head or the tail of the list, or when the MAXLEN option is provided, the command may run in constant time. | - | - | key:k0 element:s rank:i?=RANK num-matches:i?=COUNT len:i?=MAXLEN
lpush | 1.0.0 | list | Prepend one or multiple elements to a list | O(1) for each element added, so O(N) to add N elements when the command is called with multiple arguments. | - | 2.4.0 Accepts multiple \`element\` arguments. | key:k0 element:s*
lpushx | 2.2.0 | list | Prepend an element to a list, only if the list exists | O(1) for each element added, so O(N) to add N elements when the command is called with multiple arguments. | - | 4.0.0 Accepts multiple \`element\` arguments. | key:k0 element:s*
lrange | 1.0.0 | list | Get a range of elements from a list | O(S+N) where S is the distance of start offset from HEAD for small lists, from nearest end (HEAD or TAIL) for large lists; and N is the number of elements in the specified range. | - | - | key:k0 start:i stop:i
lrem | 1.0.0 | list | Remove elements from a list | O(N+M) where N is the length of the list and M is the number of elements removed. | - | - | key:k0 count:i element:s
lset | 1.0.0 | list | Set the value of an element in a list by its index | O(N) where N is the length of the list. Setting either the first or the last element of the list is O(1). | - | - | key:k0 index:i element:s
ltrim | 1.0.0 | list | Trim a list to the specified range | O(N) where N is the number of elements to be removed by the operation. | - | - | key:k0 start:i stop:i
memory | 4.0.0 | server | A container for memory diagnostics commands | Depends on subcommand.
memory|malloc-stats | 4.0.0 | server | Show allocator internal stats | Depends on how much memory is allocated, could be slow
memory|help | 4.0.0 | server | Show helpful text about the different subcommands | O(1)
memory|usage | 4.0.0 | server | Estimate the memory usage of a key | O(N) where N is the number of samples. | - | - | key:k0 count:i?=SAMPLES
memory|doctor | 4.0.0 | server | Outputs memory problems report | O(1)
memory|purge | 4.0.0 | server | Ask the allocator to release memory | Depends on how much memory is allocated, could be slow
memory|stats | 4.0.0 | server | Show memory usage details | O(1)
mget | 1.0.0 | string | Get the values of all the given keys | O(N) where N is the number of keys to retrieve. | - | - | key:k*0
migrate | 2.6.0 | generic | Atomically transfer a key from a Redis instance to another one. | This command actually executes a DUMP+DEL in the source instance, and a RESTORE in the target instance. See the pages of these commands for time complexity. Also an O(N) data transfer between the two instances is performed. | - | 3.0.0 Added the \`COPY\` and \`REPLACE\` options. ;; 3.0.6 Added the \`KEYS\` option. ;; 4.0.7 Added the \`AUTH\` option. ;; 6.0.0 Added the \`AUTH2\` option. | host:s port:i key_or_empty_string:o(key:k0 empty_string:t=) destination-db:i timeout:i copy:t?=COPY@3.0.0 replace:t?=REPLACE@3.0.0 authentication:o?(password:s?=AUTH@4.0.7 username_password:b?=AUTH2@6.0.0(username:s password:s)) key:k?*1=KEYS@3.0.6
module | 4.0.0 | server | A container for module commands | Depends on subcommand.
module|loadex | 7.0.0 | server | Load a module with extended parameters | O(1) | - | - | path:s configs:b?*+=CONFIG(name:s value:s) args:b?*=ARGS(arg:s)
module|help | 5.0.0 | server | Show helpful text about the different subcommands | O(1)
module|load | 4.0.0 | server | Load a module | O(1) | - | - | path:s arg:s?*
module|list | 4.0.0 | server | List all modules loaded by the server | O(N) where N is the number of loaded modules.
module|unload | 4.0.0 | server | Unload a module | O(1) | - | - | name:s
monitor | 1.0.0 | server | Listen for all requests received by the server in real time
move | 1.0.0 | generic | Move a key to another database | O(1) | - | - | key:k0 db:i
mset | 1.0.1 | string | Set multiple keys to multiple values | O(N) where N is the number of keys to set. | - | - | key_value:b*(key:k0 value:s)
msetnx | 1.0.1 | string | Set multiple keys to multiple values, only if none of the keys exist | O(N) where N is the number of keys to set. | - | - | key_value:b*(key:k0 value:s)
multi | 1.2.0 | transactions | Mark the start of a transaction block | O(1)
object | 2.2.3 | generic | A container for object introspection commands | Depends on subcommand.
object|refcount | 2.2.3 | generic | Get the number of references to the value of the key | O(1) | - | - | key:k0
object|idletime | 2.2.3 | generic | Get the time since a Redis object was last accessed | O(1) | - | - | key:k0
object|encoding | 2.2.3 | generic | Inspect the internal encoding of a Redis object | O(1) | - | - | key:k0
object|freq | 4.0.0 | generic | Get the logarithmic access frequency counter of a Redis object | O(1) | - | - | key:k0
object|help | 6.2.0 | generic | Show helpful text about the different subcommands | O(1)
persist | 2.2.0 | generic | Remove the expiration from a key | O(1) | - | - | key:k0
pexpire | 2.6.0 | generic | Set a key's time to live in milliseconds | O(1) | - | 7.0.0 Added options: \`NX\`, \`XX\`, \`GT\` and \`LT\`. | key:k0 milliseconds:i condition:o?@7.0.0(nx:t=NX xx:t=XX gt:t=GT lt:t=LT)
pexpireat | 2.6.0 | generic | Set the expiration for a key as a UNIX timestamp specified in milliseconds | O(1) | - | 7.0.0 Added options: \`NX\`, \`XX\`, \`GT\` and \`LT\`. | key:k0 unix-time-milliseconds:u condition:o?@7.0.0(nx:t=NX xx:t=XX gt:t=GT lt:t=LT)
pexpiretime | 7.0.0 | generic | Get the expiration Unix timestamp for a key in milliseconds | O(1) | - | - | key:k0
pfadd | 2.8.9 | hyperloglog | Adds the specified elements to the specified HyperLogLog. | O(1) to add every element. | - | - | key:k0 element:s?*
pfcount | 2.8.9 | hyperloglog | Return the approximated cardinality of the set(s) observed by the HyperLogLog at key(s). | O(1) with a very small average constant time when called with a single key. O(N) with N being the number of keys, and much bigger constant times, when called with multiple keys. | - | - | key:k*0
pfdebug | 2.8.9 | hyperloglog | Internal commands for debugging HyperLogLog values | N/A | syscmd | - | subcommand:s key:k0
pfmerge | 2.8.9 | hyperloglog | Merge N different HyperLogLogs into a single one. | O(N) to merge N HyperLogLogs, but with high constant times. | - | - | destkey:k0 sourcekey:k*1
pfselftest | 2.8.9 | hyperloglog | An internal command for testing HyperLogLog values | N/A | syscmd
ping | 1.0.0 | connection | Ping the server | O(1) | - | - | message:s?
psetex | 2.6.0 | string | Set the value and expiration in milliseconds of a key | O(1) | - | - | key:k0 milliseconds:i value:s
psubscribe | 2.0.0 | pubsub | Listen for messages published to channels matching the given patterns | O(N) where N is the number of patterns the client is already subscribed to. | - | - | pattern:b*(pattern:p)
psync | 2.8.0 | server | Internal command used for replication | - | - | - | replicationid:s offset:i
pttl | 2.6.0 | generic | Get the time to live for a key in milliseconds | O(1) | - | 2.8.0 Added the -2 reply. | key:k0
publish | 2.0.0 | pubsub | Post a message to a channel | O(N+M) where N is the number of clients subscribed to the receiving channel and M is the total number of subscribed patterns (by any client). | - | - | channel:s message:s
pubsub | 2.8.0 | pubsub | A container for Pub/Sub commands | Depends on subcommand.
pubsub|shardnumsub | 7.0.0 | pubsub | Get the count of subscribers for shard channels | O(N) for the SHARDNUMSUB subcommand, where N is the number of requested shard channels | - | - | shardchannel:s?*
pubsub|shardchannels | 7.0.0 | pubsub | List active shard channels | O(N) where N is the number of active shard channels, and assuming constant time pattern matching (relatively short shard channels). | - | - | pattern:p?
pubsub|channels | 2.8.0 | pubsub | List active channels | O(N) where N is the number of active channels, and assuming constant time pattern matching (relatively short channels and patterns) | - | - | pattern:p?
pubsub|help | 6.2.0 | pubsub | Show helpful text about the different subcommands | O(1)
pubsub|numpat | 2.8.0 | pubsub | Get the count of unique patterns pattern subscriptions | O(1)
pubsub|numsub | 2.8.0 | pubsub | Get the count of subscribers for channels | O(N) for the NUMSUB subcommand, where N is the number of requested channels | - | - | channel:s?*
punsubscribe | 2.0.0 | pubsub | Stop listening for messages posted to channels matching the given patterns | O(N+M) where N is the number of patterns the client is already subscribed and M is the number of total patterns subscribed in the system (by any client). | - | - | pattern:p?*
quit | 1.0.0 | connection | Close the connection | O(1)
randomkey | 1.0.0 | generic | Return a random key from the keyspace | O(1)
readonly | 3.0.0 | cluster | Enables read queries for a connection to a cluster replica node | O(1)
readwrite | 3.0.0 | cluster | Disables read queries for a connection to a cluster replica node | O(1)
rename | 1.0.0 | generic | Rename a key | O(1) | - | - | key:k0 newkey:k1
renamenx | 1.0.0 | generic | Rename a key, only if the new key does not exist | O(1) | - | 3.2.0 The command no longer returns an error when source and destination names are the same. | key:k0 newkey:k1
replconf | 3.0.0 | server | An internal command for configuring the replication stream | O(1) | syscmd
replicaof | 5.0.0 | server | Make the server a replica of another instance, or promote it as master. | O(1) | - | - | args:o(host-port:b(host:s port:i) no-one:b(no:t=NO one:t=ONE))
reset | 6.2.0 | connection | Reset the connection | O(1)
restore | 2.6.0 | generic | Create a key using the provided serialized value, previously obtained using DUMP. | O(1) to create the new key and additional O(N*M) to reconstruct the serialized value, where N is the number of Redis objects composing the value and M their average size. For small string values the time complexity is thus O(1)+O(1*M) where M is small, so simply O(1). However for sorted set values the complexity is O(N*M*log(N)) because inserting values into sorted sets is O(log(N)). | - | 3.0.0 Added the \`REPLACE\` modifier. ;; 5.0.0 Added the \`ABSTTL\` modifier. ;; 5.0.0 Added the \`IDLETIME\` and \`FREQ\` options. | key:k0 ttl:i serialized-value:s replace:t?=REPLACE@3.0.0 absttl:t?=ABSTTL@5.0.0 seconds:i?=IDLETIME@5.0.0 frequency:i?=FREQ@5.0.0
restore-asking | 3.0.0 | server | An internal command for migrating keys in a cluster | O(1) to create the new key and additional O(N*M) to reconstruct the serialized value, where N is the number of Redis objects composing the value and M their average size. For small string values the time complexity is thus O(1)+O(1*M) where M is small, so simply O(1). However for sorted set values the complexity is O(N*M*log(N)) because inserting values into sorted sets is O(log(N)). | syscmd | 3.0.0 Added the \`REPLACE\` modifier. ;; 5.0.0 Added the \`ABSTTL\` modifier. ;; 5.0.0 Added the \`IDLETIME\` and \`FREQ\` options. | key:k0 ttl:i serialized-value:s replace:t?=REPLACE@3.0.0 absttl:t?=ABSTTL@5.0.0 seconds:i?=IDLETIME@5.0.0 frequency:i?=FREQ@5.0.0
role | 2.8.12 | server | Return the role of the instance in the context of replication | O(1)
rpop | 1.0.0 | list | Remove and get the last elements in a list | O(N) where N is the number of elements returned | - | 6.2.0 Added the \`count\` argument. | key:k0 count:i?@6.2.0
rpoplpush | 1.2.0 | list | Remove the last element in a list, prepend it to another list and return it | O(1) | deprecated;6.2.0;\`LMOVE\` with the \`RIGHT\` and \`LEFT\` arguments | - | source:k0 destination:k1
rpush | 1.0.0 | list | Append one or multiple elements to a list | O(1) for each element added, so O(N) to add N elements when the command is called with multiple arguments. | - | 2.4.0 Accepts multiple \`element\` arguments. | key:k0 element:s*
rpushx | 2.2.0 | list | Append an element to a list, only if the list exists | O(1) for each element added, so O(N) to add N elements when the command is called with multiple arguments. | - | 4.0.0 Accepts multiple \`element\` arguments. | key:k0 element:s*
sadd | 1.0.0 | set | Add one or more members to a set | O(1) for each element added, so O(N) to add N elements when the command is called with multiple arguments. | - | 2.4.0 Accepts multiple \`member\` arguments. | key:k0 member:s*
save | 1.0.0 | server | Synchronously save the dataset to disk | O(N) where N is the total number of keys in all databases
scan | 2.8.0 | generic | Incrementally iterate the keys space | O(1) for every call. O(N) for a complete iteration, including enough command calls for the cursor to return back to 0. N is the number of elements inside the collection. | - | 6.0.0 Added the \`TYPE\` subcommand. | cursor:i pattern:p?=MATCH count:i?=COUNT type:s?=TYPE@6.0.0
scard | 1.0.0 | set | Get the number of members in a set | O(1) | - | - | key:k0
script | 2.6.0 | scripting | A container for Lua scripts management commands | Depends on subcommand.
script|help | 5.0.0 | scripting | Show helpful text about the different subcommands | O(1)
script|exists | 2.6.0 | scripting | Check existence of scripts in the script cache. | O(N) with N being the number of scripts to check (so checking a single script is an O(1) operation). | - | - | sha1:s*
script|debug | 3.2.0 | scripting | Set the debug mode for executed scripts. | O(1) | - | - | mode:o(yes:t=YES sync:t=SYNC no:t=NO)
script|flush | 2.6.0 | scripting | Remove all the scripts from the script cache. | O(N) with N being the number of scripts in cache | - | 6.2.0 Added the \`ASYNC\` and \`SYNC\` flushing mode modifiers. | async:o?@6.2.0(async:t=ASYNC sync:t=SYNC)
script|kill | 2.6.0 | scripting | Kill the script currently in execution. | O(1)
script|load | 2.6.0 | scripting | Load the specified Lua script into the script cache. | O(N) with N being the length in bytes of the script body. | - | - | script:s
sdiff | 1.0.0 | set | Subtract multiple sets | O(N) where N is the total number of elements in all given sets. | - | - | key:k*0
sdiffstore | 1.0.0 | set | Subtract multiple sets and store the resulting set in a key | O(N) where N is the total number of elements in all given sets. | - | - | destination:k0 key:k*1
select | 1.0.0 | connection | Change the selected database for the current connection | O(1) | - | - | index:i
set | 1.0.0 | string | Set the string value of a key | O(1) | - | 2.6.12 Added the \`EX\`, \`PX\`, \`NX\` and \`XX\` options. ;; 6.0.0 Added the \`KEEPTTL\` option. ;; 6.2.0 Added the \`GET\`, \`EXAT\` and \`PXAT\` option. ;; 7.0.0 Allowed the \`NX\` and \`GET\` options to be used together. | key:k0 value:s condition:o?@2.6.12(nx:t=NX xx:t=XX) get:t?=GET@6.2.0 expiration:o?(seconds:i=EX@2.6.12 milliseconds:i=PX@2.6.12 unix-time-seconds:u=EXAT@6.2.0 unix-time-milliseconds:u=PXAT@6.2.0 keepttl:t=KEEPTTL@6.0.0)
setbit | 2.2.0 | bitmap | Sets or clears the bit at offset in the string value stored at key | O(1) | - | - | key:k0 offset:i value:i
setex | 2.0.0 | string | Set the value and expiration of a key | O(1) | - | - | key:k0 seconds:i value:s
setnx | 1.0.0 | string | Set the value of a key, only if the key does not exist | O(1) | - | - | key:k0 value:s
setrange | 2.2.0 | string | Overwrite part of a string at key starting at the specified offset | O(1), not counting the time taken to copy the new string in place. Usually, this string is very small so the amortized complexity is O(1). Otherwise, complexity is O(M) with M being the length of the value argument. | - | - | key:k0 offset:i value:s
shutdown | 1.0.0 | server | Synchronously save the dataset to disk and then shut down the server | O(N) when saving, where N is the total number of keys in all databases when saving data, otherwise O(1) | - | 7.0.0 Added the \`NOW\`, \`FORCE\` and \`ABORT\` modifiers. | nosave_save:o?(nosave:t=NOSAVE save:t=SAVE) now:t?=NOW@7.0.0 force:t?=FORCE@7.0.0 abort:t?=ABORT@7.0.0
sinter | 1.0.0 | set | Intersect multiple sets | O(N*M) worst case where N is the cardinality of the smallest set and M is the number of sets. | - | - | key:k*0
sintercard | 7.0.0 | set | Intersect multiple sets and return the cardinality of the result | O(N*M) worst case where N is the cardinality of the smallest set and M is the number of sets. | - | - | numkeys:i key:k*0 limit:i?=LIMIT
sinterstore | 1.0.0 | set | Intersect multiple sets and store the resulting set in a key | O(N*M) worst case where N is the cardinality of the smallest set and M is the number of sets. | - | - | destination:k0 key:k*1
sismember | 1.0.0 | set | Determine if a given value is a member of a set | O(1) | - | - | key:k0 member:s
slaveof | 1.0.0 | server | Make the server a replica of another instance, or promote it as master. | O(1) | deprecated;5.0.0;\`REPLICAOF\` | - | args:o(host-port:b(host:s port:i) no-one:b(no:t=NO one:t=ONE))
slowlog | 2.2.12 | server | A container for slow log commands | Depends on subcommand.
slowlog|len | 2.2.12 | server | Get the slow log's length | O(1)
slowlog|reset | 2.2.12 | server | Clear all entries from the slow log | O(N) where N is the number of entries in the slowlog
slowlog|get | 2.2.12 | server | Get the slow log's entries | O(N) where N is the number of entries returned | - | 4.0.0 Added client IP address, port and name to the reply. | count:i?
slowlog|help | 6.2.0 | server | Show helpful text about the different subcommands | O(1)
smembers | 1.0.0 | set | Get all the members in a set | O(N) where N is the set cardinality. | - | - | key:k0
smismember | 6.2.0 | set | Returns the membership associated with the given elements for a set | O(N) where N is the number of elements being checked for membership | - | - | key:k0 member:s*
smove | 1.0.0 | set | Move a member from one set to another | O(1) | - | - | source:k0 destination:k1 member:s
sort | 1.0.0 | generic | Sort the elements in a list, set or sorted set | O(N+M*log(M)) where N is the number of elements in the list or set to sort, and M the number of returned elements. When the elements are not sorted, complexity is O(N). | - | - | key:k0 pattern:p?1=BY offset_count:b?=LIMIT(offset:i count:i) pattern:p?*+1=GET order:o?(asc:t=ASC desc:t=DESC) sorting:t?=ALPHA destination:k?2=STORE
sort_ro | 7.0.0 | generic | Sort the elements in a list, set or sorted set. Read-only variant of SORT. | O(N+M*log(M)) where N is the number of elements in the list or set to sort, and M the number of returned elements. When the elements are not sorted, complexity is O(N). | - | - | key:k0 pattern:p?1=BY offset_count:b?=LIMIT(offset:i count:i) pattern:p?*+1=GET order:o?(asc:t=ASC desc:t=DESC) sorting:t?=ALPHA
spop | 1.0.0 | set | Remove and return one or multiple random members from a set | Without the count argument O(1), otherwise O(N) where N is the value of the passed count. | - | 3.2.0 Added the \`count\` argument. | key:k0 count:i?@3.2.0
spublish | 7.0.0 | pubsub | Post a message to a shard channel | O(N) where N is the number of clients subscribed to the receiving shard channel. | - | - | shardchannel:s message:s
srandmember | 1.0.0 | set | Get one or multiple random members from a set | Without the count argument O(1), otherwise O(N) where N is the absolute value of the passed count. | - | 2.6.0 Added the optional \`count\` argument. | key:k0 count:i?@2.6.0
srem | 1.0.0 | set | Remove one or more members from a set | O(N) where N is the number of members to be removed. | - | 2.4.0 Accepts multiple \`member\` arguments. | key:k0 member:s*
sscan | 2.8.0 | set | Incrementally iterate Set elements | O(1) for every call. O(N) for a complete iteration, including enough command calls for the cursor to return back to 0. N is the number of elements inside the collection.. | - | - | key:k0 cursor:i pattern:p?=MATCH count:i?=COUNT
ssubscribe | 7.0.0 | pubsub | Listen for messages published to the given shard channels | O(N) where N is the number of shard channels to subscribe to. | - | - | shardchannel:s*
strlen | 2.2.0 | string | Get the length of the value stored in a key | O(1) | - | - | key:k0
subscribe | 2.0.0 | pubsub | Listen for messages published to the given channels | O(N) where N is the number of channels to subscribe to. | - | - | channel:s*
substr | 1.0.0 | string | Get a substring of the string stored at a key | O(N) where N is the length of the returned string. The complexity is ultimately determined by the returned length, but because creating a substring from an existing string is very cheap, it can be considered O(1) for small strings. | deprecated;2.0.0;\`GETRANGE\` | - | key:k0 start:i end:i
sunion | 1.0.0 | set | Add multiple sets | O(N) where N is the total number of elements in all given sets. | - | - | key:k*0
sunionstore | 1.0.0 | set | Add multiple sets and store the resulting set in a key | O(N) where N is the total number of elements in all given sets. | - | - | destination:k0 key:k*1
sunsubscribe | 7.0.0 | pubsub | Stop listening for messages posted to the given shard channels | O(N) where N is the number of clients already subscribed to a shard channel. | - | - | shardchannel:s?*
swapdb | 4.0.0 | server | Swaps two Redis databases | O(N) where N is the count of clients watching or blocking on keys from both databases. | - | - | index1:i index2:i
sync | 1.0.0 | server | Internal command used for replication
time | 2.6.0 | server | Return the current server time | O(1)
touch | 3.2.1 | generic | Alters the last access time of a key(s). Returns the number of existing keys specified. | O(N) where N is the number of keys that will be touched. | - | - | key:k*0
ttl | 1.0.0 | generic | Get the time to live for a key in seconds | O(1) | - | 2.8.0 Added the -2 reply. | key:k0
type | 1.0.0 | generic | Determine the type stored at key | O(1) | - | - | key:k0
unlink | 4.0.0 | generic | Delete a key asynchronously in another thread. Otherwise it is just as DEL, but non blocking. | O(1) for each key removed regardless of its size. Then the command does O(N) work in a different thread in order to reclaim memory, where N is the number of allocations the deleted objects where composed of. | - | - | key:k*0
unsubscribe | 2.0.0 | pubsub | Stop listening for messages posted to the given channels | O(N) where N is the number of clients already subscribed to a channel. | - | - | channel:s?*
unwatch | 2.2.0 | transactions | Forget about all watched keys | O(1)
wait | 3.0.0 | generic | Wait for the synchronous replication of all the write commands sent in the context of the current connection | O(1) | - | - | numreplicas:i timeout:i
watch | 2.2.0 | transactions | Watch the given keys to determine execution of the MULTI/EXEC block | O(1) for every key. | - | - | key:k*0
xack | 5.0.0 | stream | Marks a pending message as correctly processed, effectively removing it from the pending entries list of the consumer group. Return value of the command is the number of messages successfully acknowledged, that is, the IDs we were actually able to resolve in the PEL. | O(1) for each message ID processed. | - | - | key:k0 group:s id:s*
xadd | 5.0.0 | stream | Appends a new entry to a stream | O(1) when adding a new entry, O(N) when trimming where N being the number of entries evicted. | - | 6.2.0 Added the \`NOMKSTREAM\` option, \`MINID\` trimming strategy and the \`LIMIT\` option. ;; 7.0.0 Added support for the \`<ms>-*\` explicit ID form. | key:k0 nomkstream:t?=NOMKSTREAM@6.2.0 trim:b?(strategy:o(maxlen:t=MAXLEN minid:t=MINID@6.2.0) operator:o?(equal:t== approximately:t=~) threshold:s count:i?=LIMIT@6.2.0) id_or_auto:o(auto_id:t=* id:s) field_value:b*(field:s value:s)
xautoclaim | 6.2.0 | stream | Changes (or acquires) ownership of messages in a consumer group, as if the messages were delivered to the specified consumer. | O(1) if COUNT is small. | - | 7.0.0 Added an element to the reply array, containing deleted entries the command cleared from the PEL | key:k0 group:s consumer:s min-idle-time:s start:s count:i?=COUNT justid:t?=JUSTID
xclaim | 5.0.0 | stream | Changes (or acquires) ownership of a message in a consumer group, as if the message was delivered to the specified consumer. | O(log N) with N being the number of messages in the PEL of the consumer group. | - | - | key:k0 group:s consumer:s min-idle-time:s id:s* ms:i?=IDLE unix-time-milliseconds:u?=TIME count:i?=RETRYCOUNT force:t?=FORCE justid:t?=JUSTID id:s?=LASTID
xdel | 5.0.0 | stream | Removes the specified entries from the stream. Returns the number of items actually deleted, that may be different from the number of IDs passed in case certain IDs do not exist. | O(1) for each single item to delete in the stream, regardless of the stream size. | - | - | key:k0 id:s*
xgroup | 5.0.0 | stream | A container for consumer groups commands | Depends on subcommand.
xgroup|delconsumer | 5.0.0 | stream | Delete a consumer from a consumer group. | O(1) | - | - | key:k0 groupname:s consumername:s
xgroup|create | 5.0.0 | stream | Create a consumer group. | O(1) | - | 7.0.0 Added the \`entries_read\` named argument. | key:k0 groupname:s id:o(id:s new_id:t=$) mkstream:t?=MKSTREAM entries_read:i?=ENTRIESREAD
xgroup|destroy | 5.0.0 | stream | Destroy a consumer group. | O(N) where N is the number of entries in the group's pending entries list (PEL). | - | - | key:k0 groupname:s
xgroup|createconsumer | 6.2.0 | stream | Create a consumer in a consumer group. | O(1) | - | - | key:k0 groupname:s consumername:s
xgroup|setid | 5.0.0 | stream | Set a consumer group to an arbitrary last delivered ID value. | O(1) | - | 7.0.0 Added the optional \`entries_read\` argument. | key:k0 groupname:s id:o(id:s new_id:t=$) entries_read:i?=ENTRIESREAD
xgroup|help | 5.0.0 | stream | Show helpful text about the different subcommands | O(1)
xinfo | 5.0.0 | stream | A container for stream introspection commands | Depends on subcommand.
xinfo|groups | 5.0.0 | stream | List the consumer groups of a stream | O(1) | - | 7.0.0 Added the \`entries-read\` and \`lag\` fields | key:k0
xinfo|consumers | 5.0.0 | stream | List the consumers in a consumer group | O(1) | - | - | key:k0 groupname:s
xinfo|help | 5.0.0 | stream | Show helpful text about the different subcommands | O(1)
xinfo|stream | 5.0.0 | stream | Get information about a stream | O(1) | - | 6.0.0 Added the \`FULL\` modifier. ;; 7.0.0 Added the \`max-deleted-entry-id\`, \`entries-added\`, \`recorded-first-entry-id\`, \`entries-read\` and \`lag\` fields | key:k0 full:b?=FULL(count:i?=COUNT)
xlen | 5.0.0 | stream | Return the number of entries in a stream | O(1) | - | - | key:k0
xpending | 5.0.0 | stream | Return information and entries from a stream consumer group pending entries list, that are messages fetched but never acknowledged. | O(N) with N being the number of elements returned, so asking for a small fixed number of entries per call is O(1). O(M), where M is the total number of entries scanned when used with the IDLE filter. When the command returns just the summary and the list of consumers is small, it runs in O(1) time; otherwise, an additional O(N) time for iterating every consumer. | - | 6.2.0 Added the \`IDLE\` option and exclusive range intervals. | key:k0 group:s filters:b?(min-idle-time:i?=IDLE@6.2.0 start:s end:s count:i consumer:s?)
xrange | 5.0.0 | stream | Return a range of elements in a stream, with IDs matching the specified IDs interval | O(N) with N being the number of elements being returned. If N is constant (e.g. always asking for the first 10 elements with COUNT), you can consider it O(1). | - | 6.2.0 Added exclusive ranges. | key:k0 start:s end:s count:i?=COUNT
xread | 5.0.0 | stream | Return never seen elements in multiple streams, with IDs greater than the ones reported by the caller for each stream. Can block. | For each stream mentioned: O(N) with N being the number of elements being returned, it means that XREAD-ing with a fixed COUNT is O(1). Note that when the BLOCK option is used, XADD will pay O(M) time in order to serve the M clients blocked on the stream getting new data. | - | - | count:i?=COUNT milliseconds:i?=BLOCK streams:b=STREAMS(key:k*0 id:s*)
xreadgroup | 5.0.0 | stream | Return new entries from a stream using a consumer group, or access the history of the pending entries for a given consumer. Can block. | For each stream mentioned: O(M) with M being the number of elements returned. If M is constant (e.g. always asking for the first 10 elements with COUNT), you can consider it O(1). On the other side when XREADGROUP blocks, XADD will pay the O(N) time in order to serve the N clients blocked on the stream getting new data. | - | - | group_consumer:b=GROUP(group:s consumer:s) count:i?=COUNT milliseconds:i?=BLOCK noack:t?=NOACK streams:b=STREAMS(key:k*0 id:s*)
xrevrange | 5.0.0 | stream | Return a range of elements in a stream, with IDs matching the specified IDs interval, in reverse order (from greater to smaller IDs) compared to XRANGE | O(N) with N being the number of elements returned. If N is constant (e.g. always asking for the first 10 elements with COUNT), you can consider it O(1). | - | 6.2.0 Added exclusive ranges. | key:k0 end:s start:s count:i?=COUNT
xsetid | 5.0.0 | stream | An internal command for replicating stream values | O(1) | - | 7.0.0 Added the \`entries_added\` and \`max_deleted_entry_id\` arguments. | key:k0 last-id:s entries_added:i?=ENTRIESADDED@7.0.0 max_deleted_entry_id:s?=MAXDELETEDID@7.0.0
xtrim | 5.0.0 | stream | Trims the stream to (approximately if '~' is passed) a certain size | O(N), with N being the number of evicted entries. Constant times are very small however, since entries are organized in macro nodes containing multiple entries that can be released with a single deallocation. | - | 6.2.0 Added the \`MINID\` trimming strategy and the \`LIMIT\` option. | key:k0 trim:b(strategy:o(maxlen:t=MAXLEN minid:t=MINID@6.2.0) operator:o?(equal:t== approximately:t=~) threshold:s count:i?=LIMIT@6.2.0)
zadd | 1.2.0 | sorted-set | Add one or more members to a sorted set, or update its score if it already exists | O(log(N)) for each item added, where N is the number of elements in the sorted set. | - | 2.4.0 Accepts multiple elements. ;; 3.0.2 Added the \`XX\`, \`NX\`, \`CH\` and \`INCR\` options. ;; 6.2.0 Added the \`GT\` and \`LT\` options. | key:k0 condition:o?@3.0.2(nx:t=NX xx:t=XX) comparison:o?@6.2.0(gt:t=GT lt:t=LT) change:t?=CH@3.0.2 increment:t?=INCR@3.0.2 score_member:b*(score:d member:s)
zcard | 1.2.0 | sorted-set | Get the number of members in a sorted set | O(1) | - | - | key:k0
zcount | 2.0.0 | sorted-set | Count the members in a sorted set with scores within the given values | O(log(N)) with N being the number of elements in the sorted set. | - | - | key:k0 min:d max:d
zdiff | 6.2.0 | sorted-set | Subtract multiple sorted sets | O(L + (N-K)log(N)) worst case where L is the total number of elements in all the sets, N is the size of the first set, and K is the size of the result set. | - | - | numkeys:i key:k*0 withscores:t?=WITHSCORES
zdiffstore | 6.2.0 | sorted-set | Subtract multiple sorted sets and store the resulting sorted set in a new key | O(L + (N-K)log(N)) worst case where L is the total number of elements in all the sets, N is the size of the first set, and K is the size of the result set. | - | - | destination:k0 numkeys:i key:k*1
zincrby | 1.2.0 | sorted-set | Increment the score of a member in a sorted set | O(log(N)) where N is the number of elements in the sorted set. | - | - | key:k0 increment:i member:s
zinter | 6.2.0 | sorted-set | Intersect multiple sorted sets | O(N*K)+O(M*log(M)) worst case with N being the smallest input sorted set, K being the number of input sorted sets and M being the number of elements in the resulting sorted set. | - | - | numkeys:i key:k*0 weight:i?*=WEIGHTS aggregate:o?=AGGREGATE(sum:t=SUM min:t=MIN max:t=MAX) withscores:t?=WITHSCORES
zintercard | 7.0.0 | sorted-set | Intersect multiple sorted sets and return the cardinality of the result | O(N*K) worst case with N being the smallest input sorted set, K being the number of input sorted sets. | - | - | numkeys:i key:k*0 limit:i?=LIMIT
zinterstore | 2.0.0 | sorted-set | Intersect multiple sorted sets and store the resulting sorted set in a new key | O(N*K)+O(M*log(M)) worst case with N being the smallest input sorted set, K being the number of input sorted sets and M being the number of elements in the resulting sorted set. | - | - | destination:k0 numkeys:i key:k*1 weight:i?*=WEIGHTS aggregate:o?=AGGREGATE(sum:t=SUM min:t=MIN max:t=MAX)
zlexcount | 2.8.9 | sorted-set | Count the number of members in a sorted set between a given lexicographical range | O(log(N)) with N being the number of elements in the sorted set. | - | - | key:k0 min:s max:s
zmpop | 7.0.0 | sorted-set | Remove and return members with scores in a sorted set | O(K) + O(M*log(N)) where K is the number of provided keys, N being the number of elements in the sorted set, and M being the number of elements popped. | - | - | numkeys:i key:k*0 where:o(min:t=MIN max:t=MAX) count:i?=COUNT
zmscore | 6.2.0 | sorted-set | Get the score associated with the given members in a sorted set | O(N) where N is the number of members being requested. | - | - | key:k0 member:s*
zpopmax | 5.0.0 | sorted-set | Remove and return members with the highest scores in a sorted set | O(log(N)*M) with N being the number of elements in the sorted set, and M being the number of elements popped. | - | - | key:k0 count:i?
zpopmin | 5.0.0 | sorted-set | Remove and return members with the lowest scores in a sorted set | O(log(N)*M) with N being the number of elements in the sorted set, and M being the number of elements popped. | - | - | key:k0 count:i?
zrandmember | 6.2.0 | sorted-set | Get one or multiple random elements from a sorted set | O(N) where N is the number of elements returned | - | - | key:k0 options:b?(count:i withscores:t?=WITHSCORES)
zrange | 1.2.0 | sorted-set | Return a range of members in a sorted set | O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements returned. | - | 6.2.0 Added the \`REV\`, \`BYSCORE\`, \`BYLEX\` and \`LIMIT\` options. | key:k0 start:s stop:s sortby:o?@6.2.0(byscore:t=BYSCORE bylex:t=BYLEX) rev:t?=REV@6.2.0 offset_count:b?=LIMIT@6.2.0(offset:i count:i) withscores:t?=WITHSCORES
zrangebylex | 2.8.9 | sorted-set | Return a range of members in a sorted set, by lexicographical range | O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements being returned. If M is constant (e.g. always asking for the first 10 elements with LIMIT), you can consider it O(log(N)). | deprecated;6.2.0;\`ZRANGE\` with the \`BYLEX\` argument | - | key:k0 min:s max:s offset_count:b?=LIMIT(offset:i count:i)
zrangebyscore | 1.0.5 | sorted-set | Return a range of members in a sorted set, by score | O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements being returned. If M is constant (e.g. always asking for the first 10 elements with LIMIT), you can consider it O(log(N)). | deprecated;6.2.0;\`ZRANGE\` with the \`BYSCORE\` argument | 2.0.0 Added the \`WITHSCORES\` modifier. | key:k0 min:d max:d withscores:t?=WITHSCORES@2.0.0 offset_count:b?=LIMIT(offset:i count:i)
zrangestore | 6.2.0 | sorted-set | Store a range of members from sorted set into another key | O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements stored into the destination key. | - | - | dst:k0 src:k1 min:s max:s sortby:o?(byscore:t=BYSCORE bylex:t=BYLEX) rev:t?=REV offset_count:b?=LIMIT(offset:i count:i)
zrank | 2.0.0 | sorted-set | Determine the index of a member in a sorted set | O(log(N)) | - | - | key:k0 member:s
zrem | 1.2.0 | sorted-set | Remove one or more members from a sorted set | O(M*log(N)) with N being the number of elements in the sorted set and M the number of elements to be removed. | - | 2.4.0 Accepts multiple elements. | key:k0 member:s*
zremrangebylex | 2.8.9 | sorted-set | Remove all members in a sorted set between the given lexicographical range | O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements removed by the operation. | - | - | key:k0 min:s max:s
zremrangebyrank | 2.0.0 | sorted-set | Remove all members in a sorted set within the given indexes | O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements removed by the operation. | - | - | key:k0 start:i stop:i
zremrangebyscore | 1.2.0 | sorted-set | Remove all members in a sorted set within the given scores | O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements removed by the operation. | - | - | key:k0 min:d max:d
zrevrange | 1.2.0 | sorted-set | Return a range of members in a sorted set, by index, with scores ordered from high to low | O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements returned. | deprecated;6.2.0;\`ZRANGE\` with the \`REV\` argument | - | key:k0 start:i stop:i withscores:t?=WITHSCORES
zrevrangebylex | 2.8.9 | sorted-set | Return a range of members in a sorted set, by lexicographical range, ordered from higher to lower strings. | O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements being returned. If M is constant (e.g. always asking for the first 10 elements with LIMIT), you can consider it O(log(N)). | deprecated;6.2.0;\`ZRANGE\` with the \`REV\` and \`BYLEX\` arguments | - | key:k0 max:s min:s offset_count:b?=LIMIT(offset:i count:i)
zrevrangebyscore | 2.2.0 | sorted-set | Return a range of members in a sorted set, by score, with scores ordered from high to low | O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements being returned. If M is constant (e.g. always asking for the first 10 elements with LIMIT), you can consider it O(log(N)). | deprecated;6.2.0;\`ZRANGE\` with the \`REV\` and \`BYSCORE\` arguments | 2.1.6 \`min\` and \`max\` can be exclusive. | key:k0 max:d min:d withscores:t?=WITHSCORES offset_count:b?=LIMIT(offset:i count:i)
zrevrank | 2.0.0 | sorted-set | Determine the index of a member in a sorted set, with scores ordered from high to low | O(log(N)) | - | - | key:k0 member:s
zscan | 2.8.0 | sorted-set | Incrementally iterate sorted sets elements and associated scores | O(1) for every call. O(N) for a complete iteration, including enough command calls for the cursor to return back to 0. N is the number of elements inside the collection.. | - | - | key:k0 cursor:i pattern:p?=MATCH count:i?=COUNT
zscore | 1.2.0 | sorted-set | Get the score associated with the given member in a sorted set | O(1) | - | - | key:k0 member:s
zunion | 6.2.0 | sorted-set | Add multiple sorted sets | O(N)+O(M*log(M)) with N being the sum of the sizes of the input sorted sets, and M being the number of elements in the resulting sorted set. | - | - | numkeys:i key:k*0 weight:i?*=WEIGHTS aggregate:o?=AGGREGATE(sum:t=SUM min:t=MIN max:t=MAX) withscores:t?=WITHSCORES
zunionstore | 2.0.0 | sorted-set | Add multiple sorted sets and store the resulting sorted set in a new key | O(N)+O(M log(M)) with N being the sum of the sizes of the input sorted sets, and M being the number of elements in the resulting sorted set. | - | - | destination:k0 numkeys:i key:k*1 weight:i?*=WEIGHTS aggregate:o?=AGGREGATE(sum:t=SUM min:t=MIN max:t=MAX)
`;
