package dev.livebridge.gemini;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.livebridge.access.rules.Permissions;
import dev.livebridge.access.rules.Permissions.Modality;
import dev.livebridge.access.rules.Permissions.Otherwise;
import dev.livebridge.session.upstream.UpstreamRefusedException;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Fits a setup or an update to the permissions of its caller. Members beyond them are left out with a notice, or the
 * request is refused, as the caller's rule says.
 *
 * @param permissions of the caller
 * @param edits gets the notices
 */
record CallerFitting(Permissions permissions, SetupEdits edits) {

    private static final String INSTRUCTION = "systemInstruction";
    private static final String TOOLS = "tools";

    /** Leaves out the members of a setup or an update that the caller may not set. */
    void fit(ObjectNode setup) throws UpstreamRefusedException {
        if (!permissions.systemInstruction() && setup.has(INSTRUCTION)) {
            setup.remove(INSTRUCTION);
            notAllowed("A system instruction of its own is not allowed for this caller");
        }
        if (!permissions.tools() && setup.has(TOOLS)) {
            setup.remove(TOOLS);
            notAllowed("Tools of its own are not allowed for this caller");
        }
    }

    /** Whether the caller may change the context; if not, adds a notice or refuses. */
    boolean allowsUpdate() throws UpstreamRefusedException {
        if (!permissions.contextUpdate()) {
            notAllowed("Changing the context is not allowed for this caller");
        }
        return permissions.contextUpdate();
    }

    /**
     * The model that answers: the requested one if the caller may use it, else the first permitted of the others.
     *
     * @param others in the order of preference
     */
    LiveModel model(LiveModel requested, Stream<LiveModel> others) throws UpstreamRefusedException {
        if (permissions.allowsModel(requested.id())) {
            return requested;
        }
        String what = "The model " + SetupEdits.quote(requested.id()) + " is not allowed for this caller";
        LiveModel other = others.filter(each -> permissions.allowsModel(each.id()))
                .findFirst()
                .orElseThrow(() -> SetupEdits.refused(what + ", and no model that is."));
        if (permissions.otherwise() == Otherwise.REFUSE) {
            throw SetupEdits.refused(what + ".");
        }
        edits.notice(what + "; " + other.id() + " answers instead.");
        return other;
    }

    /** Leaves out the modalities that the caller may not use; at least one must be left. */
    void fitModalities(Set<String> wanted) throws UpstreamRefusedException {
        for (Modality modality : Modality.values()) {
            if (wanted.contains(modality.name()) && !permissions.allowsModality(modality)) {
                if (wanted.size() == 1) {
                    throw SetupEdits.refused("Answers in " + modality.name() + " are not allowed for this caller.");
                }
                wanted.remove(modality.name());
                notAllowed("Answers in " + modality.name() + " are not allowed for this caller");
            }
        }
    }

    private void notAllowed(String what) throws UpstreamRefusedException {
        switch (permissions.otherwise()) {
            case TELL -> edits.notice(what + "; it was left out.");
            case REFUSE -> throw SetupEdits.refused(what + ".");
        }
    }
}
