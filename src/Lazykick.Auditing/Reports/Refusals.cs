using Lazykick.Auditing.Bytes;
using Lazykick.Auditing.Walking;

namespace Lazykick.Auditing.Reports;

/// <summary>
/// Why a window of an image cannot be audited: a list that is empty since a name was not found would reassure for no
/// reason.
/// </summary>
internal static class Refusals
{
    public static string? Why(WalkContext context, string window)
    {
        var image = context.Image;
        if (image.IsModule && window != "guest")
        {
            return "a module holds the guest's window at most: give the kernel for this one";
        }

        if (image.Sections.Noinstr.IsEmpty && !image.IsModule)
        {
            return "the image has no noinstr text (__noinstr_text_start): kernels before 5.8 are not supported";
        }

        foreach (var alternatives in context.Model.Needs(window, image.Machine))
        {
            if (!alternatives.Any(n => image.Symbols[n] is not null))
            {
                var hint =
                    window == "guest" && image.Machine == MachineKind.X86 && !image.IsModule
                        ? ": on x86 KVM is a module, give kvm-intel.ko or kvm-amd.ko"
                        : ": another version, or another configuration; the model can name another function (--model)";
                return $"the image has no {string.Join(" or ", alternatives)}{hint}";
            }
        }

        if (context.Transitions.Atomics.Count == 0 && !image.IsModule)
        {
            return $"no atomic on {context.Model.State} was found in text for windows: EQS entry and exit cannot be "
                + "told";
        }

        if (image.Tables.Jumps.Count == 0 && !image.IsModule)
        {
            return "__jump_table was not found or not read: places of static keys are not known "
                + "(the line 'tables' says why; --system-map FILE may help)";
        }

        return null;
    }
}
