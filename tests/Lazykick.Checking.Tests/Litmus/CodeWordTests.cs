namespace Lazykick.Checking.Tests.Litmus;

/// <summary>Instruction words as data, and loops that herd7 does not finish: answers worked out by hand.</summary>
public class CodeWordTests
{
    [Theory]
    [InlineData("ADR X1,K", "ADR X1,.+4")]
    [InlineData("CBNZ W1,K", "CBNZ W1,.+4")]
    [InlineData("B.EQ K", "B.EQ .+4")]
    [InlineData("TBZ X1,#3,K", "TBZ X1,#3,.+4")]
    [InlineData("B K", "B .+4")]
    public void A_word_holds_the_distance_to_its_label(string instruction, string word) =>
        Assert.Equal(
            "Required",
            LitmusFiles
                .Run(
                    $"""
                    AArch64 word
                    {"{"} 0:X3=P0:L; 0:X5=instr:"{word}"; {"}"}
                     P0 ;
                     L: {instruction} ;
                     K: LDR W4,[X3] ;
                     SUB W6,W4,W5 ;
                    forall (0:X6=0)
                    """
                )
                .Kind
        );

    [Fact]
    public void ADR_that_was_moved_finds_its_target_from_where_it_is() =>
        Assert.Equal(
            "Required",
            LitmusFiles
                .Run(
                    """
                    AArch64 moved
                    { 0:X3=P0:L; 0:X5=P0:M; }
                     P0 ;
                     L: ADR X1,K ;
                     K: LDR W4,[X3] ;
                     STR W4,[X5] ;
                     DC CVAU,X5 ;
                     DSB SY ;
                     IC IVAU,X5 ;
                     DSB SY ;
                     ISB ;
                     M: NOP ;
                     SUB X7,X1,X3 ;
                    forall (0:X7=36)
                    """
                )
                .Kind
        );

    [Fact]
    public void Retries_that_change_nothing_do_not_fill_the_window()
    {
        var result = LitmusFiles.Run(
            """
            AArch64 SB+po-rmw-pos
            { 0:X0=x; 0:X3=y; 1:X0=y; 1:X3=x; }
             P0               | P1               ;
             MOV W1,#1        | MOV W1,#1        ;
             L0: LDXR W2,[X0] | L1: LDXR W2,[X0] ;
             STXR W4,W1,[X0]  | STXR W4,W1,[X0]  ;
             CBNZ W4,L0       | CBNZ W4,L1       ;
             LDR W5,[X3]      | LDR W5,[X3]      ;
             L2: LDXR W6,[X3] | L3: LDXR W6,[X3] ;
             STXR W4,W1,[X3]  | STXR W4,W1,[X3]  ;
             CBNZ W4,L2       | CBNZ W4,L3       ;
            exists (0:X5=0 /\ 1:X5=0)
            """
        );
        Assert.Equal("Allowed", result.Kind);
        Assert.Equal(4, result.FinalStates.Count);
        Assert.InRange(result.Explored, 1, 2000);
    }
}
