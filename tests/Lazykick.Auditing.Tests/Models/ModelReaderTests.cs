using Lazykick.Auditing.Bytes;
using Lazykick.Auditing.Models;

namespace Lazykick.Auditing.Tests.Models;

public class ModelReaderTests
{
    [Fact]
    public void The_built_in_model_is_read_and_knows_both_machines()
    {
        Assert.NotEmpty(AuditModel.Default.Roots("entry", MachineKind.Arm64));
        Assert.NotEmpty(AuditModel.Default.Roots("entry", MachineKind.X86));
        Assert.True(AuditModel.Default["leaves"].Contains("ct_kernel_enter.isra.0"));
        Assert.All(Auditor.Windows, w => Assert.NotEmpty(AuditModel.Default.Needs(w, MachineKind.X86)));
    }

    [Theory]
    [InlineData("", "m:1: an empty file; a model begins with 'model 1'")]
    [InlineData("model 2\n", "m:1: a model begins with 'model 1', not 'model 2'")]
    [InlineData("model 1\nroot entrance any do_idle\n", "m:2: 'entrance' is no window: entry, exit, idle, guest")]
    [InlineData("model 1\nroot entry mips do_idle\n", "m:2: 'mips' is no machine: arm64, x86 or any")]
    [InlineData(
        "model 1\n# a comment\nallow the_key\n",
        "m:3: allow KEY \"reason\": a key is not allowed without a reason"
    )]
    [InlineData("model 1\nskip\n", "m:2: 'skip' without names")]
    public void A_wrong_line_is_named_with_what_was_expected(string text, string message) =>
        Assert.Equal(
            message,
            Assert.Throws<ModelException>(() => ModelReader.Read(new StringReader(text), "m")).Message
        );

    [Theory]
    [InlineData("asm_exc_*", "asm_exc_nmi", true)]
    [InlineData("asm_exc_*", "exc_nmi", false)]
    [InlineData("*_untrain_ret", "srso_untrain_ret", true)]
    [InlineData("psci_*_idle", "psci_idle", false)]
    [InlineData("psci_*_idle", "psci_enter_idle", true)]
    public void A_star_stands_for_any_rest(string pattern, string name, bool matches)
    {
        var set = new NameSet();
        set.Add(pattern);

        Assert.Equal(matches, set.Contains(name));
    }
}
