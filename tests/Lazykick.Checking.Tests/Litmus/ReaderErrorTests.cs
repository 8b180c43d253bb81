using Lazykick.Checking.Litmus.Reading;

namespace Lazykick.Checking.Tests.Litmus;

public class ReaderErrorTests
{
    private const string Good =
        "AArch64 T\n{ 0:X1=x; }\n P0          ;\n MOV W0,#1   ;\n STR W0,[X1] ;\nexists (x=1)\n";

    [Theory]
    [InlineData("", "1:1: expected the name of an architecture but found the end of the file")]
    [InlineData(
        "Z80 T\n{}\n P0 ;\n NOP ;\nexists (x=1)",
        "1:1: 'Z80' is no architecture; a litmus test begins with AArch64, X86_64 or X86 and its name"
    )]
    [InlineData("AArch64\n{}\n", "1:1: the test has no name after its architecture")]
    [InlineData(
        "AArch64 T\nwhat is this\n{}\n",
        "2:1: expected 'Key=Value', a string or '{' before the initial state, but found 'is'"
    )]
    [InlineData("AArch64 T\nCacheType=WB\n{}\n", "2:11: 'WB' is no cache type; IDC and DIC are")]
    [InlineData("AArch64 T (* oops\n{}\n", "1:11: this comment is not closed by '*)'")]
    [InlineData("AArch64 T\n{ 0:X1 = ; }\n", "2:10: expected a value but found ';'")]
    [InlineData("AArch64 T\n{ 0:X1=x\n", "3:1: expected ';' but found the end of the file")]
    [InlineData("AArch64 T\n{ 0:X0=instr:\"NOP; }\n", "2:14: this string has no closing quote on its line")]
    public void A_bad_header_is_reported_where_it_is(string text, string expected) => AssertError(text, expected);

    [Theory]
    [InlineData(
        "P0          ;",
        "Q0          ;",
        "3:2: 'Q0' is no thread; columns are named P0, P1, ... and handlers P0.F"
    )]
    [InlineData("P0          ;", "P1          ;", "3:2: expected thread P0 but found 'P1'")]
    [InlineData("P0          ;", "P0 | P0     ;", "3:7: 'P0' is named twice")]
    [InlineData("P0          ;", "P0.F        ;", "3:2: the handler 'P0.F' comes before its thread")]
    [InlineData("MOV W0,#1   ;", "MOV W0,#1 | NOP ;", "4:14: this row has 2 columns, but 1 threads are named")]
    [InlineData("MOV W0,#1   ;", "MOV #1,W0   ;", "4:2: 'MOV #1,W0': the first operand must be a register")]
    [InlineData("MOV W0,#1   ;", "MOV W0      ;", "4:2: 'MOV W0': MOV takes 2 operands here, not 1")]
    [InlineData("MOV W0,#1   ;", "MOV W0,what ;", "4:2: 'MOV W0,what': 'what' is no register and no number")]
    [InlineData("MOV W0,#1   ;", "B nowhere   ;", "4:2: P0 has no label 'nowhere'")]
    [InlineData("MOV W0,#1   ;", "L: L: NOP   ;", "4:5: label 'L' is defined twice in P0")]
    [InlineData("MOV W0,#1   ;", "B .+400     ;", "4:2: 'B .+400' leaves the code")]
    [InlineData(
        "MOV W0,#1   ;",
        "DMB FOO     ;",
        "4:2: 'DMB FOO': a barrier needs one of SY, ISH, OSH, NSH, or these with LD or ST"
    )]
    [InlineData("STR W0,[X1] ;", "STR W0,[X1  ;", "5:2: 'STR W0,[X1': a bracket is not closed")]
    [InlineData("STR W0,[X1] ;", "STR         ;", "5:2: 'STR': STR needs at least 1 operands, not 0")]
    [InlineData("STR W0,[X1] ;", "STR W0,X1   ;", "5:2: 'STR W0,X1': an address such as [X1] is expected")]
    [InlineData("STR W0,[X1] ;", "STR W0,[X1]", "5:2: this row is not closed by ';'")]
    [InlineData("exists (x=1)", "exists (x=1", "7:1: expected ')' but found the end of the file")]
    [InlineData(
        "exists (x=1)",
        "exists (x=1) nonsense",
        "6:14: expected the end of the file after the condition but found 'nonsense'"
    )]
    [InlineData("exists (x=1)", "exists (7:X0=1)", "6:9: there is no thread P7")]
    [InlineData("exists (x=1)", "exists (0:Y0=1)", "6:9: 'Y0' is no register")]
    [InlineData("exists (x=1)\n", "", "6:1: the test has no condition; expected exists, ~exists, forall or locations")]
    [InlineData("0:X1=x", "0:X1=P0:L9", "2:3: P0 has no label 'L9'")]
    [InlineData("0:X1=x", "5:X1=x", "2:3: there is no thread P5")]
    public void A_bad_body_is_reported_where_it_is(string good, string bad, string expected)
    {
        Assert.Contains(good, Good, StringComparison.Ordinal);
        AssertError(Good.Replace(good, bad, StringComparison.Ordinal), expected);
    }

    [Theory]
    [InlineData("AArch64 T\nVariant=vmsa\n{}\n", "2:9: not modelled: page tables (Variant=vmsa)")]
    [InlineData("AArch64 T\n{ [PTE(x)]=(valid:0); }\n", "2:3: not modelled: page tables (PTE)")]
    [InlineData("AArch64 T\n{ 0:X1=x:red; }\n", "2:8: not modelled: memory tags")]
    [InlineData("AArch64 T\n{ int x[200]; }\n", "2:7: not modelled: an array of 200 elements")]
    [InlineData("AArch64 T\n{ uint8_t x[2]; }\n", "2:11: not modelled: an array of uint8_t")]
    [InlineData("AArch64 T\n{ int p=3; 1:X0=pte_p; }\n", "2:17: not modelled: page tables (pte_p)")]
    [InlineData("AArch64 T\n{ pa_x=3; }\n", "2:3: not modelled: page tables (pa_x)")]
    [InlineData("ARM T\n{}\n", "1:1: not modelled: architecture ARM (AArch64, X86_64 and X86 are)")]
    [InlineData(
        "(* c *)\nC sb\n{}\nP0(int *a) { READ_ONCE(*a); }\n",
        "2:1: not modelled: a test in C (for the Linux kernel memory model); AArch64, X86_64 and X86 are read"
    )]
    [InlineData("arch = \"AArch64\"\n", "1:1: not modelled: a test in isla's TOML form; herd's form is read")]
    [InlineData(
        "AArch64 T\n{ 0:X1=x; }\n P0 ;\n LDP W0,W2,[X1] ;\nexists (x=1)",
        "4:2: not modelled: instruction 'LDP W0,W2,[X1]'"
    )]
    [InlineData(
        "AArch64 T\n{ 0:X1=x; }\n P0 ;\n LDRB W0,[X1] ;\nexists (x=1)",
        "4:2: not modelled: instruction 'LDRB W0,[X1]'"
    )]
    [InlineData(
        "AArch64 T\n{ 0:X1=x; }\n P0 ;\n IC IALLU ;\nexists (x=1)",
        "4:2: not modelled: 'IC IALLU' (maintenance by address only: DC CVAU, IC IVAU)"
    )]
    [InlineData(
        "AArch64 T\n{ 0:X1=x; }\n P0 ;\n STR W0,[X1] ;\n LDR X2,[X1] ;\nexists (x=1)",
        "5:2: not modelled: mixed-size accesses (x is used with 32 and with 64 bits)"
    )]
    [InlineData(
        "AArch64 T\n{ }\n P0 ;\n STR W0,[X1] ;\nexists (x=1)",
        "4:2: not modelled: 'STR W0,[X1]' uses address 0, which is no location of the test (a fault)"
    )]
    [InlineData(
        "AArch64 T\n{ 0:X1=x; 0:X3=y; }\n P0 ;\n LDXR W0,[X1] ;\n STXR W2,W0,[X3] ;\nexists (x=1)",
        "5:2: not modelled: a store-exclusive to another location than its load-exclusive (constrained unpredictable)"
    )]
    [InlineData(
        "X86_64 T\n{ }\n P0 ;\n addl $1,(x) ;\nexists (x=1)",
        "4:2: not modelled: 'addl $1,(x)' without lock (a read and a write that are not atomic)"
    )]
    public void What_the_machine_lacks_is_named_and_not_answered(string text, string expected)
    {
        var error = AssertError(text, expected);
        Assert.NotNull(error.MissingFeature);
    }

    private static LitmusException AssertError(string text, string expected)
    {
        var error = Assert.Throws<LitmusException>(() => LitmusFiles.Run(text));
        Assert.Equal(expected, $"{error.Position}: {error.Message}");
        return error;
    }
}
