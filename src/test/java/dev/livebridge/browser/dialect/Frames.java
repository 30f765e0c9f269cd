package dev.livebridge.browser.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

/** Payloads of frames for clients. */
final class Frames {

    private Frames() {}

    /** The payload of a binary frame; {@code null} for another frame, or none. */
    static byte @Nullable [] binary(@Nullable OutboundFrame frame) {
        return switch (frame) {
            case OutboundFrame.Binary(byte[] data) -> data;
            case OutboundFrame.MediaInBinary media -> media.media().text().getBytes(UTF_8);
            case OutboundFrame.Text _, OutboundFrame.MediaInText _ -> null;
            case null -> null;
        };
    }

    /** The payload of a text frame; {@code null} for another frame, or none. */
    static @Nullable String text(@Nullable OutboundFrame frame) {
        return switch (frame) {
            case OutboundFrame.Text(String text) -> text;
            case OutboundFrame.MediaInText media -> media.media().text();
            case OutboundFrame.Binary _, OutboundFrame.MediaInBinary _ -> null;
            case null -> null;
        };
    }
}
