package dev.livebridge.browser.dialect;

/**
 * Rules for members of client messages that need the operator's permission ({@code docs/policy.md}). The setup policy
 * judges setups, because it knows the model.
 *
 * @param fileUris whether {@code fileData} is passed on, in any content of any message
 * @param unknownMembers whether members that this version does not know are passed on
 * @param systemTurns whether a turn may have the role {@code system}
 */
public record MemberRules(boolean fileUris, boolean unknownMembers, boolean systemTurns) {

    /** The rules if the operator configures nothing. */
    public static final MemberRules DEFAULTS = new MemberRules(false, false, true);

    /** The same rules, but members that this version does not know are removed. */
    public MemberRules withoutUnknownMembers() {
        return new MemberRules(fileUris, false, systemTurns);
    }
}
