package dev.livebridge.policy;

import org.jspecify.annotations.Nullable;

/** What a member of the setup needs to be passed on. */
sealed interface Allowance {

    /** Whether the operator's policy gives it. */
    boolean givenBy(ClientPolicy policy);

    /** The setting that gives it, {@code null} when none does. */
    @Nullable
    String setting();

    /** The policies that are a switch, and those that none can change. */
    enum Fixed implements Allowance {
        /** Needs nothing. */
        NOTHING,
        /** {@code livebridge.policy.file-uris}. */
        FILE_URIS,
        /** {@code livebridge.policy.custom-voices}. */
        CUSTOM_VOICES,
        /** {@code livebridge.policy.proactive-video}. */
        PROACTIVE_VIDEO,
        /** Never passed on. */
        NEVER;

        @Override
        public boolean givenBy(ClientPolicy policy) {
            return switch (this) {
                case NOTHING -> true;
                case FILE_URIS -> policy.fileUris();
                case CUSTOM_VOICES -> policy.customVoices();
                case PROACTIVE_VIDEO -> policy.proactiveVideo();
                case NEVER -> false;
            };
        }

        @Override
        public @Nullable String setting() {
            return switch (this) {
                case NOTHING, NEVER -> null;
                case FILE_URIS -> "livebridge.policy.file-uris";
                case CUSTOM_VOICES -> "livebridge.policy.custom-voices";
                case PROACTIVE_VIDEO -> "livebridge.policy.proactive-video";
            };
        }
    }

    /**
     * The kind of tool must be in {@code livebridge.policy.tools}.
     *
     * @param kind the member of a tool, as Gemini spells it
     */
    record Tool(String kind) implements Allowance {
        @Override
        public boolean givenBy(ClientPolicy policy) {
            return policy.tools().contains(kind);
        }

        @Override
        public String setting() {
            return "livebridge.policy.tools";
        }
    }
}
