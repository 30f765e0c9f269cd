package dev.livebridge.resumption;

import dev.livebridge.resumption.ResumeRefusedException.Reason;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.zip.DataFormatException;

/**
 * Seals ephemeral tokens with the resumption keys, so that any instance opens the tokens of another. The content is
 * compressed.
 *
 * <p>Thread-safe.
 */
@Singleton
public class AuthTokenSealer {

    /** Maximum length of a sealed token. Browsers send it in the query, which proxies limit to 8 KiB. */
    public static final int MAX_CHARACTERS = 6 * 1024;

    /** Maximum size of the content. */
    static final int MAX_BYTES = 48 * 1024;

    /** Differs from those of resume tokens, handles and tickets, so that none can be used as another. */
    private static final byte VERSION = 4;

    private final Sealing sealing;

    /** A sealer with the keys of this service. */
    public AuthTokenSealer(ResumptionKeys keys) {
        this.sealing = new Sealing(keys, VERSION);
    }

    /**
     * Seals with the newest key.
     *
     * @return empty if the token would be too long
     */
    public Optional<String> seal(byte[] content) {
        if (content.length > MAX_BYTES) {
            return Optional.empty();
        }
        return Optional.of(sealing.seal(Deflated.of(content))).filter(text -> text.length() <= MAX_CHARACTERS);
    }

    /**
     * Opens a token.
     *
     * @param sealed input of the client; not validated
     * @throws ResumeRefusedException if it was not sealed as an ephemeral token with a known key;
     *     {@link Reason#MALFORMED} also for what was sealed for another purpose
     */
    public byte[] open(String sealed) throws ResumeRefusedException {
        try {
            return Deflated.inflate(sealing.open(sealed, MAX_CHARACTERS), MAX_BYTES);
        } catch (DataFormatException e) {
            throw new ResumeRefusedException(Reason.MALFORMED);
        }
    }
}
