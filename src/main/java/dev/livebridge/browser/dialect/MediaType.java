package dev.livebridge.browser.dialect;

import dev.livebridge.message.Base64Text;
import dev.livebridge.message.ClientMessage;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A kind of media that clients may send (gemini-live-api.md section 4.3).
 *
 * @param kind audio or picture
 * @param text the MIME type as the upstream knows it
 */
record MediaType(Kind kind, String text) {

    enum Kind {
        PCM,
        PICTURE
    }

    private static final MediaType PCM = new MediaType(Kind.PCM, "audio/pcm");
    private static final MediaType PCM_16_KHZ = new MediaType(Kind.PCM, "audio/pcm;rate=16000");
    private static final MediaType JPEG = new MediaType(Kind.PICTURE, "image/jpeg");
    private static final MediaType PNG = new MediaType(Kind.PICTURE, "image/png");
    private static final MediaType WEBP = new MediaType(Kind.PICTURE, "image/webp");

    /** The two names of raw PCM; Google's L16 is little-endian, unlike that of RFC 2586. */
    private static final Pattern PCM_NAME = Pattern.compile("audio/(?:pcm|l16)");

    /** A sample rate in hertz. Gemini resamples any rate; the pattern excludes implausible ones. */
    private static final Pattern RATE = Pattern.compile("rate=([1-9][0-9]{3,5})");

    /** Parameters with the default value; they are dropped. */
    private static final Set<String> IMPLIED = Set.of("channels=1", "codec=pcm");

    /**
     * Reads a MIME type.
     *
     * @return {@code null} if clients may not send this type
     */
    static @Nullable MediaType parse(String text) {
        MediaType known = known(text);
        if (known != null) {
            return known;
        }
        String lowerCase = text.strip().toLowerCase(Locale.ROOT);
        MediaType pcm = pcm(lowerCase.split(" *; *", -1));
        return pcm == null ? known(lowerCase) : pcm;
    }

    private static @Nullable MediaType pcm(String[] parts) {
        if (!PCM_NAME.matcher(parts[0]).matches()) {
            return null;
        }
        MediaType type = PCM;
        for (int i = 1; i < parts.length; i++) {
            Matcher rate = RATE.matcher(parts[i]);
            if (rate.matches() && type.equals(PCM)) {
                type = new MediaType(Kind.PCM, "audio/pcm;rate=" + rate.group(1));
            } else if (!IMPLIED.contains(parts[i])) {
                return null;
            }
        }
        return type;
    }

    private static @Nullable MediaType known(String text) {
        return switch (text) {
            case "audio/pcm" -> PCM;
            case "audio/pcm;rate=16000" -> PCM_16_KHZ;
            case "image/jpeg" -> JPEG;
            case "image/png" -> PNG;
            case "image/webp" -> WEBP;
            default -> null;
        };
    }

    /** Whether the data's length is valid for this type: PCM consists of 16-bit samples. */
    boolean admits(Base64Text data) {
        return switch (kind) {
            case PCM -> data.decodedLength() % 2 == 0;
            case PICTURE -> true;
        };
    }

    /** The message that carries such data. */
    ClientMessage message(Base64Text data) {
        return switch (kind) {
            case PCM -> new ClientMessage.Audio(data, text);
            case PICTURE -> new ClientMessage.Video(data, text);
        };
    }
}
