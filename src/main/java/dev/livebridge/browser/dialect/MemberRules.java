package dev.livebridge.browser.dialect;

/**
 * What members of client messages may carry besides what needs no allowance ({@code docs/policy.md}). A setup is judged
 * elsewhere, where its model is known.
 *
 * @param fileUris whether {@code fileData} is passed on, in any content of any message
 * @param unknownMembers whether members that this version does not know are passed on
 * @param systemTurns whether a turn may have the role {@code system}
 */
public record MemberRules(boolean fileUris, boolean unknownMembers, boolean systemTurns) {

    /** What is allowed where the operator has set nothing. */
    public static final MemberRules DEFAULTS = new MemberRules(false, false, true);
}
