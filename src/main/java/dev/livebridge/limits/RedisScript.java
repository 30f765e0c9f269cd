package dev.livebridge.limits;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The decisions of {@link RedisLimitStore} as Lua scripts, each of which Redis runs as a whole.
 *
 * <p>Names in Redis, for a bucket with the name N: {@code N:leases}, a sorted set of conversations by the moment their
 * lease is over; {@code N:starts}, a sorted set of starts by their moment; {@code N:used:D}, a hash with the sums of
 * the day D (days since 1970, UTC), which Redis forgets an hour after the day. {@code P:owner:C} is the holder of the
 * leases of the conversation C; {@code P:token:T} is the number of uses of the ephemeral token T. All times are those
 * of Redis' own clock, in milliseconds.
 */
enum RedisScript {
    /**
     * Asks for a lease in each bucket. KEYS: owner, buckets. ARGV: conversation, holder, lease, {@code begin} or
     * {@code continue}, then for each bucket conversations, starts, milliseconds, tokens, micro dollars, empty for
     * none. Answers {@code {1, sums…}} or {@code {0, bucket, kind, milliseconds to wait or -1}}.
     */
    ACQUIRE("""
            local id, lease, begins = ARGV[1], tonumber(ARGV[3]), ARGV[4] == 'begin'
            for i = 2, #KEYS do
              local at = 4 + (i - 2) * 5
              local most, starts = tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2])
              redis.call('ZREMRANGEBYSCORE', KEYS[i] .. ':leases', '-inf', now)
              if most and not redis.call('ZSCORE', KEYS[i] .. ':leases', id)
                  and redis.call('ZCARD', KEYS[i] .. ':leases') >= most then
                return {0, i - 2, 'CONVERSATIONS', -1}
              end
              if begins then
                redis.call('ZREMRANGEBYSCORE', KEYS[i] .. ':starts', '-inf', now - 60000)
                if starts and redis.call('ZCARD', KEYS[i] .. ':starts') >= starts then
                  local oldest = redis.call('ZRANGE', KEYS[i] .. ':starts', 0, 0, 'WITHSCORES')[2]
                  return {0, i - 2, 'STARTS', oldest and (tonumber(oldest) + 60000 - now) or 60000}
                end
                local used = sums(KEYS[i])
                for k = 1, 3 do
                  local limit = tonumber(ARGV[at + 2 + k])
                  if limit and used[k] >= limit then
                    return {0, i - 2, kinds[k], (day + 1) * 86400000 - now}
                  end
                end
              end
            end
            local answer = {1}
            for i = 2, #KEYS do
              redis.call('ZADD', KEYS[i] .. ':leases', now + lease, id)
              redis.call('PEXPIRE', KEYS[i] .. ':leases', lease * 2)
              if begins and ARGV[4 + (i - 2) * 5 + 2] ~= '' then
                redis.call('ZADD', KEYS[i] .. ':starts', now, id)
                redis.call('PEXPIRE', KEYS[i] .. ':starts', 60000)
              end
              append(answer, sums(KEYS[i]))
            end
            redis.call('SET', KEYS[1], ARGV[2], 'PX', lease)
            return answer
            """),
    /**
     * Counts what a conversation has used and renews its leases, unless another session holds them by now. KEYS: owner,
     * buckets. ARGV: conversation, holder, lease, milliseconds, tokens, micro dollars. Answers the sums.
     */
    REPORT("""
            local owner = redis.call('GET', KEYS[1])
            local own = not owner or owner == ARGV[2]
            local answer = {}
            for i = 2, #KEYS do
              if own then
                redis.call('ZADD', KEYS[i] .. ':leases', now + ARGV[3], ARGV[1])
                redis.call('PEXPIRE', KEYS[i] .. ':leases', ARGV[3] * 2)
              end
              add(KEYS[i], ARGV[4], ARGV[5], ARGV[6])
              append(answer, sums(KEYS[i]))
            end
            if own then
              redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
            end
            return answer
            """),
    /**
     * Counts the rest and gives the leases back, unless another session holds them by now. KEYS: owner, buckets. ARGV:
     * conversation, holder, time for which the lease is kept for another instance or 0, milliseconds, tokens, micro
     * dollars.
     */
    RELEASE("""
            local owner = redis.call('GET', KEYS[1])
            local own = not owner or owner == ARGV[2]
            for i = 2, #KEYS do
              if own and tonumber(ARGV[3]) == 0 then
                redis.call('ZREM', KEYS[i] .. ':leases', ARGV[1])
              elseif own then
                redis.call('ZADD', KEYS[i] .. ':leases', 'XX', now + ARGV[3], ARGV[1])
              end
              add(KEYS[i], ARGV[4], ARGV[5], ARGV[6])
            end
            if own then
              redis.call('DEL', KEYS[1])
            end
            return 1
            """),
    /** Reads. KEYS: buckets. Answers for each the leases, the starts of the last minute and the sums. */
    USAGE("""
            local answer = {}
            for i = 1, #KEYS do
              append(answer, {
                redis.call('ZCOUNT', KEYS[i] .. ':leases', '(' .. now, '+inf'),
                redis.call('ZCOUNT', KEYS[i] .. ':starts', '(' .. (now - 60000), '+inf')})
              append(answer, sums(KEYS[i]))
            end
            return answer
            """),
    /** Counts one use of an ephemeral token. KEYS: token. ARGV: its uses, time to keep the count. Answers 1 or 0. */
    USE("""
            local used = tonumber(redis.call('GET', KEYS[1])) or 0
            if used >= tonumber(ARGV[1]) then
              return 0
            end
            redis.call('SET', KEYS[1], used + 1, 'PX', ARGV[2])
            return 1
            """);

    private final String text;
    private final String sha1;

    RedisScript(String body) {
        this.text = Prelude.TEXT + body;
        this.sha1 = sha1(this.text);
    }

    /** The whole script. */
    String text() {
        return text;
    }

    /** By which Redis knows it once it has seen it. */
    String sha1() {
        return sha1;
    }

    private static String sha1(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has SHA-1", missing);
        }
    }

    /** What all scripts begin with; in a class of its own, since an enum's constants are made before its fields. */
    private static final class Prelude {
        static final String TEXT = """
            local time = redis.call('TIME')
            local now = time[1] * 1000 + math.floor(time[2] / 1000)
            local day = math.floor(time[1] / 86400)
            local kinds = {'MINUTES', 'TOKENS', 'USD'}
            local function sums(bucket)
              local used = redis.call('HMGET', bucket .. ':used:' .. day, 'millis', 'tokens', 'micro')
              return {tonumber(used[1]) or 0, tonumber(used[2]) or 0, tonumber(used[3]) or 0}
            end
            local function append(list, more)
              for _, each in ipairs(more) do
                list[#list + 1] = each
              end
            end
            local function add(bucket, millis, tokens, micro)
              local name = bucket .. ':used:' .. day
              redis.call('HINCRBY', name, 'millis', millis)
              redis.call('HINCRBY', name, 'tokens', tokens)
              redis.call('HINCRBY', name, 'micro', micro)
              redis.call('EXPIREAT', name, (day + 1) * 86400 + 3600)
            end
            """;
    }
}
