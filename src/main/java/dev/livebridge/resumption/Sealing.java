package dev.livebridge.resumption;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.livebridge.resumption.ResumeRefusedException.Reason;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Authenticated encryption for one purpose: a holder can neither read nor change the content nor use it for another
 * purpose.
 *
 * <pre>
 *  base64url( version u8 | length of key id u8 | key id | nonce 12 | AES-256-GCM( content ) | tag 16 )
 *             └────────── authenticated, in clear ────┘
 * </pre>
 *
 * <p>Thread-safe.
 */
final class Sealing {

    private static final int NONCE_BYTES = 12;
    private static final int TAG_BYTES = 16;
    private static final String CIPHER = "AES/GCM/NoPadding";

    private final ResumptionKeys keys;
    private final byte version;
    private final SecureRandom random = new SecureRandom();

    /**
     * Sealing for one purpose.
     *
     * @param version identifies the purpose and the format of the content
     */
    Sealing(ResumptionKeys keys, byte version) {
        this.keys = keys;
        this.version = version;
    }

    /** Seals with the newest key. */
    String seal(byte[] plain) {
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
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES-256-GCM", e);
        }
        return Base64.getUrlEncoder().withoutPadding().encodeToString(sealed);
    }

    /**
     * Opens sealed content.
     *
     * @param sealed input of the client; not validated
     * @param maxCharacters longer input is refused without decoding
     * @throws ResumeRefusedException if it was not sealed with a known key for this purpose
     */
    byte[] open(String sealed, int maxCharacters) throws ResumeRefusedException {
        return decrypt(decode(sealed, maxCharacters));
    }

    private byte[] header(String keyId) {
        byte[] id = keyId.getBytes(ISO_8859_1);
        byte[] header = new byte[2 + id.length];
        header[0] = version;
        header[1] = (byte) id.length;
        System.arraycopy(id, 0, header, 2, id.length);
        return header;
    }

    private static byte[] decode(String sealed, int maxCharacters) throws ResumeRefusedException {
        if (sealed.length() > maxCharacters) {
            throw new ResumeRefusedException(Reason.MALFORMED);
        }
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(sealed);
        } catch (IllegalArgumentException e) {
            throw new ResumeRefusedException(Reason.MALFORMED);
        }
        // The last character may have unused bits; only the canonical encoding is accepted.
        if (!Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(sealed)) {
            throw new ResumeRefusedException(Reason.MALFORMED);
        }
        return bytes;
    }

    private byte[] decrypt(byte[] sealed) throws ResumeRefusedException {
        int headerBytes = sealed.length < 2 ? 0 : 2 + Byte.toUnsignedInt(sealed[1]);
        if (headerBytes == 0 || sealed[0] != version || sealed.length < headerBytes + NONCE_BYTES + TAG_BYTES) {
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
        } catch (GeneralSecurityException e) {
            throw new ResumeRefusedException(Reason.FORGED);
        }
    }
}
