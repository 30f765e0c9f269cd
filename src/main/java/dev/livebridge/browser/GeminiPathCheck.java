package dev.livebridge.browser;

import io.quarkus.websockets.next.HttpUpgradeCheck;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.Priority;
import jakarta.inject.Singleton;
import java.util.regex.Pattern;

/**
 * Rejects unknown versions and methods with 404. The endpoint's path has two variables; three versions and two methods
 * are known.
 */
@Singleton
@Priority(CheckPriority.PATH)
class GeminiPathCheck implements HttpUpgradeCheck {

    private static final Pattern KNOWN = Pattern.compile("//?ws/google\\.ai\\.generativelanguage\\.v1(?:alpha|beta)?"
            + "\\.GenerativeService\\.BidiGenerateContent(?:Constrained)?");

    @Override
    public Uni<CheckResult> perform(HttpUpgradeContext context) {
        return KNOWN.matcher(context.httpRequest().path()).matches()
                ? CheckResult.permitUpgrade()
                : CheckResult.rejectUpgrade(404);
    }

    @Override
    public boolean appliesTo(String endpointId) {
        return endpointId.equals(GeminiEndpoint.ID);
    }
}
