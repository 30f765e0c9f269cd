package dev.livebridge.message;

/**
 * The text of a frame with one chunk of media, in three parts, so that the data need not be copied to be written.
 *
 * @param head before the data
 * @param data of the media
 * @param tail after the data
 */
public record MediaText(String head, Base64Text data, String tail) {

    /** The whole text. */
    public String text() {
        return head + data.text() + tail;
    }

    /** The length of the text, in characters. */
    public int length() {
        return head.length() + data.text().length() + tail.length();
    }

    /** Whether the text has ASCII characters only; base64 has no others. */
    public boolean isAscii() {
        return isAscii(head) && isAscii(tail);
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }
}
