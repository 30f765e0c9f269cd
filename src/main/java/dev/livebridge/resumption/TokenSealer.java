package dev.livebridge.resumption;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.livebridge.resumption.ResumeRefusedException.Reason;
import dev.livebridge.resumption.ResumeToken.Purpose;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.DataFormatException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * Seals tokens so that their holder can neither read nor change them, and opens them again.
 *
 * <pre>
 *  base64url( version u8 | length of key id u8 | key id | nonce 12 | AES-256-GCM( deflate( JSON ) ) | tag 16 )
 *             └────────── authenticated, in clear ────┘
 * </pre>
 *
 * <p>Safe for use by many threads.
 */
@Singleton
public class TokenSealer {

    /** The longest token there is; anything longer is refused unread. */
    public static final int MAX_TOKEN_CHARACTERS = 66 * 1024;

    private static final byte VERSION = 1;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BYTES = 16;
    private static final String CIPHER = "AES/GCM/NoPadding";

    private final ResumptionKeys keys;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    /** A sealer on the system's clock. */
    @Inject
    public TokenSealer(ResumptionKeys keys) {
        this(keys, InstantSource.system());
    }

    /** A sealer on another clock. */
    public TokenSealer(ResumptionKeys keys, InstantSource clock) {
        this.keys = keys;
        this.clock = clock;
    }

    /**
     * Seals a token with the newest key.
     *
     * @return nothing when its setup is too large to travel; the oldest of the transcript is left out before that
     */
    public Optional<String> seal(ResumeToken token) {
        return TokenContent.write(token).map(content -> encrypt(Deflated.of(content)));
    }

    /**
     * Opens a token.
     *
     * @param sealed as it came; anything at all
     * @param purpose what it has to be good for
     * @param subject who sent it, {@code null} when the service does not know its users
     * @throws ResumeRefusedException for everything that is not a good token of this purpose and subject; nothing else
     *     is thrown
     */
    public ResumeToken open(String sealed, Purpose purpose, @Nullable String subject) throws ResumeRefusedException {
        ResumeToken token = TokenContent.read(inflate(decrypt(decode(sealed))));
        if (token.purpose() != purpose) {
            throw new ResumeRefusedException(Reason.MISUSED);
        }
        if (!clock.instant().isBefore(token.expiresAt())) {
            throw new ResumeRefusedException(Reason.EXPIRED);
        }
        if (!Objects.equals(token.subject(), subject)) {
            throw new ResumeRefusedException(Reason.FOREIGN);
        }
        return token;
    }

    private String encrypt(byte[] plain) {
        ResumptionKeys.Key key = keys.newest();
        byte[] header = header(key.id());
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] sealed = Arrays.copyOf(header, header.length + NONCE_BYTES + plain.length + TAG_BYTES);
        System.arraycopy(nonce, 0, sealed, header.length, NONCE_BYTES);
        try {
            Cipher cipher = Cipher.getInstance(CIPHER);
            cipher.init(Cipher.ENCRYPT_MODE, key.secret(), new GCMParameterSpec(TAG_BYTES * 8, nonce));
            cipher.updateAAD(header);
            cipher.doFinal(plain, 0, plain.length, sealed, header.length + NONCE_BYTES);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every Java platform has AES-256-GCM", missing);
        }
        return Base64.getUrlEncoder().withoutPadding().encodeToString(sealed);
    }

    private static byte[] header(String keyId) {
        byte[] id = keyId.getBytes(ISO_8859_1);
        byte[] header = new byte[2 + id.length];
        header[0] = VERSION;
        header[1] = (byte) id.length;
        System.arraycopy(id, 0, header, 2, id.length);
        return header;
    }

    private static byte[] decode(String sealed) throws ResumeRefusedException {
        if (sealed.length() > MAX_TOKEN_CHARACTERS) {
            throw new ResumeRefusedException(Reason.MALFORMED);
        }
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(sealed);
        } catch (IllegalArgumentException notBase64) {
            throw new ResumeRefusedException(Reason.MALFORMED);
        }
        // The last character has bits that mean nothing: a token has one spelling only.
        if (!Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(sealed)) {
            throw new ResumeRefusedException(Reason.MALFORMED);
        }
        return bytes;
    }

    private byte[] decrypt(byte[] sealed) throws ResumeRefusedException {
        int headerBytes = sealed.length < 2 ? 0 : 2 + Byte.toUnsignedInt(sealed[1]);
        if (headerBytes == 0 || sealed[0] != VERSION || sealed.length < headerBytes + NONCE_BYTES + TAG_BYTES) {
            throw new ResumeRefusedException(Reason.MALFORMED);
        }
        ResumptionKeys.Key key = keys.find(new String(sealed, 2, headerBytes - 2, ISO_8859_1))
                .orElseThrow(() -> new ResumeRefusedException(Reason.UNKNOWN_KEY));
        try {
            Cipher cipher = Cipher.getInstance(CIPHER);
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    key.secret(),
                    new GCMParameterSpec(TAG_BYTES * 8, sealed, headerBytes, NONCE_BYTES));
            cipher.updateAAD(sealed, 0, headerBytes);
            int begin = headerBytes + NONCE_BYTES;
            return cipher.doFinal(sealed, begin, sealed.length - begin);
        } catch (GeneralSecurityException forged) {
            throw new ResumeRefusedException(Reason.FORGED);
        }
    }

    private static byte[] inflate(byte[] deflated) throws ResumeRefusedException {
        try {
            return Deflated.inflate(deflated, TokenContent.MAX_BYTES);
        } catch (DataFormatException otherContent) {
            throw new ResumeRefusedException(Reason.MALFORMED);
        }
    }
}
