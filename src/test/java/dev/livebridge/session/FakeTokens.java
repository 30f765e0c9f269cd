package dev.livebridge.session;

import dev.livebridge.resumption.ResumptionKeys;
import dev.livebridge.resumption.TokenSealer;
import dev.livebridge.session.token.ResumeTokens;
import io.quarkus.runtime.LaunchMode;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Real tokens on a made-up clock. */
final class FakeTokens {

    /** One key, as for all instances of a service. */
    private static final ResumptionKeys KEYS = new ResumptionKeys(List.of(), LaunchMode.TEST);

    private FakeTokens() {}

    /** Tokens of an instance that others reach at an address. */
    static ResumeTokens at(@Nullable URI address, InstantSource clock) {
        return new ResumeTokens(new TokenSealer(KEYS, clock), Duration.ofMinutes(5), address, clock);
    }
}
