package dev.livebridge.policy;

import org.jspecify.annotations.Nullable;

/** The permission that a member of the setup needs to be passed on. */
sealed interface Allowance {

    /** Whether the operator's policy grants it. */
    boolean givenBy(ClientPolicy policy);

    /** The setting that grants it; {@code null} if there is none. */
    @Nullable
    String setting();

    /** Permissions granted by a boolean setting, and permissions without a setting. */
    enum Fixed implements Allowance {
        /** Always passed on. */
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
     * Granted if {@code livebridge.policy.tools} has the kind of tool.
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
