"""Addresses of formal plan procedures, below a phase."""

from django.urls import path

from tandem.participation.views import statements, weighing

urlpatterns = [
    path("plan/announcement/", statements.announcement, name="plan_announcement"),
    path("plan/period/", weighing.settings, name="statement_settings"),
    path("plan/documents/", weighing.documents, name="plan_documents"),
    path("plan/documents/<uuid:pk>", statements.document, name="plan_document"),
    path("statements/", weighing.statement_list, name="statements"),
    path("statements/new/", statements.new, name="statement_new"),
    path("statements/paper/", weighing.record, name="statement_paper"),
    path("statements/verify/", statements.verify, name="receipt_verify"),
    path("statements/decide/", weighing.decide, name="statements_decide"),
    path("statements/group/", weighing.group, name="statements_group"),
    path("statements/reply/", weighing.reply_all, name="statements_reply"),
    path("statements/letters/", weighing.letters, name="statement_letters"),
    path("statements/synopsis.docx", weighing.synopsis, {"form": "docx"}, name="synopsis_docx"),
    path("statements/synopsis.pdf", weighing.synopsis, {"form": "pdf"}, name="synopsis_pdf"),
    path("statements/archive.zip", weighing.archive, name="statement_archive"),
    path("statements/<slug:key>/", weighing.statement, name="statement"),
    path("statements/<slug:key>/receipt/", statements.receipt, name="receipt"),
    path("statements/<slug:key>/receipt.json", statements.receipt_file, name="receipt_file"),
    path("statements/<slug:key>/withdraw/", statements.withdraw, name="statement_withdraw"),
    path("statements/<slug:key>/reply/", weighing.reply, name="statement_reply"),
    path("statements/<slug:key>/files/<int:position>", weighing.attachment, name="statement_file"),
]
