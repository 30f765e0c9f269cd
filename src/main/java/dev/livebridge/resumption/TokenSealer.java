package dev.livebridge.resumption;

import dev.livebridge.resumption.ResumeRefusedException.Reason;
import dev.livebridge.resumption.ResumeToken.Purpose;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.DataFormatException;
import org.jspecify.annotations.Nullable;

/**
 * Seals and opens resume tokens. A holder can neither read nor change them. The content is compressed JSON.
 *
 * <p>Thread-safe.
 */
@Singleton
public class TokenSealer {

    /** Maximum length of a token; longer input is refused without decoding. */
    public static final int MAX_TOKEN_CHARACTERS = 66 * 1024;

    private static final byte VERSION = 1;

    private final Sealing sealing;
    private final InstantSource clock;

    /** A sealer on the system's clock. */
    @Inject
    public TokenSealer(ResumptionKeys keys) {
        this(keys, InstantSource.system());
    }

    /** A sealer on another clock. */
    public TokenSealer(ResumptionKeys keys, InstantSource clock) {
        this.sealing = new Sealing(keys, VERSION);
        this.clock = clock;
    }

    /**
     * Seals a token with the newest key.
     *
     * @return empty if its setup is too large; the oldest transcript entries are left out first
     */
    public Optional<String> seal(ResumeToken token) {
        return TokenContent.write(token).map(content -> sealing.seal(Deflated.of(content)));
    }

    /**
     * Opens a token of one subject.
     *
     * @param sealed input; not validated
     * @param purpose the required purpose
     * @param subject who sent it, {@code null} when the service asks for no credential
     * @throws ResumeRefusedException if it is not a valid token of this purpose and subject; no other exception is
     *     thrown
     */
    public ResumeToken open(String sealed, Purpose purpose, @Nullable String subject) throws ResumeRefusedException {
        ResumeToken token = open(sealed, purpose);
        if (!Objects.equals(token.subject(), subject)) {
            throw new ResumeRefusedException(Reason.FOREIGN);
        }
        return token;
    }

    /**
     * Opens a token whose sender is not its subject, such as another instance.
     *
     * @param sealed as it came; not validated
     * @param purpose what it has to be good for
     * @throws ResumeRefusedException for everything that is not a good token of this purpose; nothing else is thrown
     */
    public ResumeToken open(String sealed, Purpose purpose) throws ResumeRefusedException {
        ResumeToken token = TokenContent.read(inflate(sealing.open(sealed, MAX_TOKEN_CHARACTERS)));
        if (token.purpose() != purpose) {
            throw new ResumeRefusedException(Reason.MISUSED);
        }
        if (!clock.instant().isBefore(token.expiresAt())) {
            throw new ResumeRefusedException(Reason.EXPIRED);
        }
        return token;
    }

    private static byte[] inflate(byte[] deflated) throws ResumeRefusedException {
        try {
            return Deflated.inflate(deflated, TokenContent.MAX_BYTES);
        } catch (DataFormatException e) {
            throw new ResumeRefusedException(Reason.MALFORMED);
        }
    }
}
