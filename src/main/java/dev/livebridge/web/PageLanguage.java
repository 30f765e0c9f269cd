package dev.livebridge.web;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Locale.LanguageRange;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A language of the page, with the texts that the browser shows before its script runs. */
enum PageLanguage {
    ENGLISH("en", "Talk with Gemini: voice, camera, screen and text, in real time.", "This page needs JavaScript."),
    ARABIC(
            "ar",
            "تحدّث مع Gemini: بالصوت والكاميرا والشاشة والنص، في الوقت الفعلي.",
            "تحتاج هذه الصفحة إلى JavaScript."),
    CHINESE("zh-Hans", "与 Gemini 实时对话：语音、摄像头、屏幕和文字。", "此页面需要 JavaScript。"),
    FRENCH(
            "fr",
            "Parlez avec Gemini : voix, caméra, écran et texte, en temps réel.",
            "Cette page nécessite JavaScript."),
    GERMAN(
            "de",
            "Sprich mit Gemini: Stimme, Kamera, Bildschirm und Text, in Echtzeit.",
            "Diese Seite braucht JavaScript."),
    JAPANESE("ja", "Gemini とリアルタイムで会話。音声、カメラ、画面、テキストに対応。", "このページには JavaScript が必要です。"),
    PORTUGUESE(
            "pt",
            "Converse com o Gemini: voz, câmera, tela e texto, em tempo real.",
            "Esta página precisa de JavaScript."),
    SPANISH(
            "es",
            "Habla con Gemini: voz, cámara, pantalla y texto, en tiempo real.",
            "Esta página necesita JavaScript.");

    private final String tag;
    private final String description;
    private final String noScript;

    PageLanguage(String tag, String description, String noScript) {
        this.tag = tag;
        this.description = description;
        this.noScript = noScript;
    }

    /**
     * The best one of those that a browser asks for.
     *
     * @param accepted the header {@code Accept-Language}
     * @return English without such a header, for one that is malformed, and for languages that the page does not have
     */
    static PageLanguage of(@Nullable String accepted) {
        if (accepted == null || accepted.isBlank()) {
            return ENGLISH;
        }
        List<LanguageRange> ranges;
        try {
            ranges = LanguageRange.parse(accepted);
        } catch (IllegalArgumentException e) {
            return ENGLISH;
        }
        return ranges.stream()
                .filter(range -> range.getWeight() > 0)
                .map(range -> find(language(range.getRange())))
                .flatMap(Optional::stream)
                .findFirst()
                .orElse(ENGLISH);
    }

    private static Optional<PageLanguage> find(String language) {
        return Arrays.stream(values())
                .filter(value -> language(value.tag).equals(language))
                .findFirst();
    }

    private static String language(String tag) {
        return Locale.forLanguageTag(tag).getLanguage();
    }

    /** The language as BCP 47 names it. */
    public String tag() {
        return tag;
    }

    /** {@code ltr} or {@code rtl}. */
    public String direction() {
        return this == ARABIC ? "rtl" : "ltr";
    }

    /** What the page is, in one sentence. */
    public String description() {
        return description;
    }

    /** What a browser without JavaScript shows. */
    public String noScript() {
        return noScript;
    }
}
