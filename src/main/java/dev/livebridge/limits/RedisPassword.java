package dev.livebridge.limits;

import dev.livebridge.config.LivebridgeConfig;
import dev.livebridge.config.SecretFile;
import io.quarkus.redis.client.RedisOptionsCustomizer;
import io.vertx.redis.client.RedisOptions;
import jakarta.inject.Singleton;
import java.util.function.Function;

/** The password of Redis, from a file, so that the environment holds none. Read when the client is made. */
@Singleton
class RedisPassword implements RedisOptionsCustomizer {

    static final String SETTING = "livebridge.limits.redis-password-file";

    private final LivebridgeConfig config;

    RedisPassword(LivebridgeConfig config) {
        this.config = config;
    }

    @Override
    public void customize(String clientName, RedisOptions options) {
        config.limits()
                .redisPasswordFile()
                .ifPresent(file -> options.setPassword(
                        SecretFile.open(SETTING, file, Function.identity()).current()));
    }
}
